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

/** Numbers of a list that stays on one line: a position of GeoJSON has two to four. */
const POSITION_MAX = 4;

/** The same JSON, indented, positions on one line; numbers and strings stay as written, so no digit is lost. */
export function indentJson(text) {
  const tokens = jsonTokens(text);
  let out = "";
  let depth = 0;
  for (let i = 0; i < tokens.length; i++) {
    const { text: word, kind } = tokens[i];
    const flat = word === "[" ? flatEnd(tokens, i) : -1;
    if (flat >= 0) {
      out += `[${tokens.slice(i + 1, flat).filter((each) => each.text !== ",").map((each) => each.text).join(", ")}]`;
      i = flat;
    } else if (kind !== "punct") out += word;
    else if (word === ":") out += ": ";
    else if (word === ",") out += `,${lineAt(depth)}`;
    else if (word === "{" || word === "[") out += closesAt(tokens, i) ? word : word + lineAt(++depth);
    else out += closesAt(tokens, i - 1) ? word : lineAt(--depth) + word;
  }
  return out;
}

/** True of an opening bracket whose partner follows at once. */
function closesAt(tokens, i) {
  const opener = tokens[i]?.kind === "punct" ? OPENERS[tokens[i].text] : undefined;
  return opener !== undefined && tokens[i + 1]?.text === opener;
}

/** Where a short list of numbers that begins at `from` ends, or -1. */
function flatEnd(tokens, from) {
  let numbers = 0;
  for (let i = from + 1; i < tokens.length && numbers <= POSITION_MAX; i++) {
    if (tokens[i].text === "]") return numbers > 0 ? i : -1;
    if (tokens[i].kind === "number") numbers += 1;
    else if (tokens[i].text !== ",") return -1;
  }
  return -1;
}

function lineAt(depth) {
  return `\n${"  ".repeat(Math.max(depth, 0))}`;
}
