// What the registry tells the page when it serves it: where to ask, as whom, and which questions are worth asking.
//
// The server writes it as JSON into the element #yulin-config; opened without one, the page still works by hand.

import { indentJson } from "./tokens.js";

/** { endpoint, demo, queryPage, zoneName, tokens: [{ role, token }], examples: [{ title, titleZh, query, variables }] }, made whole. */
export function readConfig(text) {
  const given = parsed(text);
  return {
    endpoint: textOr(given.endpoint, "graphql"),
    demo: given.demo === true,
    queryPage: given.queryPage !== false,
    zoneName: textOr(given.zoneName, ""),
    tokens: listOf(given.tokens, (each) => typeof each.role === "string" && typeof each.token === "string"),
    examples: listOf(given.examples, (each) => typeof each.query === "string").map(readExample),
  };
}

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" ? value : {};
  } catch {
    return {};
  }
}

function textOr(value, fallback) {
  return typeof value === "string" && value !== "" ? value : fallback;
}

function listOf(value, isGood) {
  return Array.isArray(value) ? value.filter((each) => each !== null && typeof each === "object" && isGood(each)) : [];
}

/** Variables may come as an object or as JSON text; the editor shows text. */
function readExample({ title, titleZh, query, variables }) {
  const text = typeof variables === "string" ? variables : indentJson(JSON.stringify(variables ?? {}));
  const en = textOr(title, textOr(titleZh, query.slice(0, 60)));
  return { en, zh: textOr(titleZh, en), query, variables: text === "{}" ? "" : text };
}
