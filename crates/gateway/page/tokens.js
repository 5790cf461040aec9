// The words of a GraphQL document and of a JSON text, with their places.
//
// No grammar here: walk.js gives the words their meaning, json_check.js judges JSON. Both lexers never fail,
// because an editor shows text that is wrong most of the time; what fits nothing becomes a `bad` token.

const GRAPHQL_RULES = [
  ["space", /[\s,\uFEFF]+/y],
  ["comment", /#[^\n\r]*/y],
  ["blockString", /"""(?:\\"""|[^])*?(?:"""|$)/y],
  ["string", /"(?:\\.|[^"\\\n\r])*"?/y],
  ["spread", /\.\.\./y],
  ["variable", /\$(?:[A-Za-z_]\w*)?/y],
  ["directive", /@(?:[A-Za-z_]\w*)?/y],
  ["number", /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ["name", /[A-Za-z_]\w*/y],
  ["punct", /[!&():=[\]{|}]/y],
  ["bad", /[^]/y],
];

const JSON_RULES = [
  ["space", /\s+/y],
  ["string", /"(?:\\.|[^"\\\n\r])*"?/y],
  ["number", /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ["literal", /(?:true|false|null)\b/y],
  ["punct", /[{}[\]:,]/y],
  ["bad", /[^\s{}[\]:,"]+/y],
];

/** Cuts `text` by the rules; every character but space falls in exactly one token. */
function cut(text, rules) {
  const tokens = [];
  let at = 0;
  while (at < text.length) {
    for (const [kind, rule] of rules) {
      rule.lastIndex = at;
      const found = rule.exec(text);
      if (!found) continue;
      const to = at + found[0].length;
      if (kind !== "space") tokens.push({ kind, from: at, to, text: found[0] });
      at = to;
      break;
    }
  }
  return tokens;
}

/** Tokens of a GraphQL document; commas count as space, comments are kept. */
export function graphqlTokens(text) {
  return cut(text, GRAPHQL_RULES);
}

/** Tokens of a JSON text; a string before a colon is a `key`. */
export function jsonTokens(text) {
  const tokens = cut(text, JSON_RULES);
  tokens.forEach((token, i) => {
    if (token.kind === "string" && tokens[i + 1]?.text === ":") token.kind = "key";
  });
  return tokens;
}

const OPENERS = { "(": ")", "[": "]", "{": "}" };
const CLOSERS = new Set(Object.values(OPENERS));

/** The bracket at `caret` (just before or just after it) and its partner, as two tokens, or null. */
export function bracketPair(tokens, caret) {
  const stack = [];
  let wanted = null;
  for (const token of tokens) {
    if (token.kind !== "punct") continue;
    if (OPENERS[token.text]) {
      stack.push(token);
    } else if (CLOSERS.has(token.text)) {
      const opener = stack.pop();
      if (!opener || OPENERS[opener.text] !== token.text) return null;
      if (touches(opener, caret) || touches(token, caret)) wanted = wanted ?? [opener, token];
    }
  }
  return wanted;
}

function touches(token, caret) {
  return token.from === caret || token.to === caret;
}

/** The same JSON, indented; numbers and strings stay as they were written, so no digit is lost. */
export function indentJson(text) {
  let out = "";
  let depth = 0;
  const tokens = jsonTokens(text);
  tokens.forEach((token, i) => {
    const next = tokens[i + 1]?.text;
    const opens = token.text === "{" || token.text === "[";
    if (opens && (next === "}" || next === "]")) out += token.text;
    else if (opens) out += token.text + lineAt(++depth);
    else if (token.text === "," && token.kind === "punct") out += "," + lineAt(depth);
    else if (token.text === ":" && token.kind === "punct") out += ": ";
    else if (token.kind === "punct") out += closeJson(tokens[i - 1], token, () => lineAt(--depth));
    else out += token.text;
  });
  return out;
}

function closeJson(before, token, newLine) {
  const empty = before && (before.text === "{" || before.text === "[");
  return empty ? token.text : newLine() + token.text;
}

function lineAt(depth) {
  return "\n" + "  ".repeat(Math.max(depth, 0));
}
