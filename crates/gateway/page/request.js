// One question to the registry: sent, timed, cancelled. The only file that opens a connection.
//
// It asks the page's own host and no other; the token goes into the header and nowhere else.

/** An answer larger than this many characters is refused a view, since the browser would stall on it. */
export const ANSWER_MAX = 64 * 1024 * 1024;

/** Asks; resolves to { outcome, body, text, status, milliseconds } where outcome is answered, cancelled, unreachable,
 * tooLarge or notJson. Never rejects. */
export async function ask({ endpoint, token, query, variables, operationName, signal }) {
  const begun = performance.now();
  const done = (outcome, more = {}) => ({ outcome, milliseconds: performance.now() - begun, ...more });
  const headers = { "Content-Type": "application/json", Accept: "application/graphql-response+json, application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  try {
    const body = JSON.stringify({ query, variables, operationName: operationName ?? undefined });
    const response = await fetch(endpoint, { method: "POST", headers, body, signal, credentials: "omit", cache: "no-store" });
    const text = await response.text();
    if (text.length > ANSWER_MAX) return done("tooLarge", { status: response.status });
    return done(...read(text, response.status));
  } catch {
    return done(signal?.aborted ? "cancelled" : "unreachable");
  }
}

function read(text, status) {
  try {
    const body = JSON.parse(text);
    const isAnswer = body !== null && typeof body === "object" && !Array.isArray(body);
    return [isAnswer ? "answered" : "notJson", { body, text, status }];
  } catch {
    return ["notJson", { text, status }];
  }
}
