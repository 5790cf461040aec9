// Reads the variables as JSON and tells the first mistake with its line and column, and what the operation misses.
//
// JSON.parse does the reading; this file finds the place, since browsers word and place their errors differently and
// the page speaks two languages.

import { jsonTokens } from "./tokens.js";

/** Nesting beyond this is refused; GeoJSON needs six. */
const DEPTH_MAX = 200;

/** { value } of a JSON object (empty text is the empty object), or { error: { reason, from, line, column } }. */
export function checkVariables(text) {
  if (text.trim() === "") return { value: {} };
  const tokens = jsonTokens(text);
  const reader = { tokens, at: 0, end: text.length, depth: 0 };
  const fault = readValue(reader) ?? (reader.at < tokens.length ? faultAt(reader, "extra") : null);
  if (fault) return { error: place(text, fault) };
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return { error: place(text, { reason: "unreadable", from: 0 }) };
  }
  const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
  return isObject ? { value } : { error: place(text, { reason: "notObject", from: tokens[0].from }) };
}

function place(text, fault) {
  const before = text.slice(0, fault.from).split("\n");
  return { ...fault, line: before.length, column: before[before.length - 1].length + 1 };
}

function faultAt(reader, reason) {
  return { reason, from: reader.tokens[reader.at]?.from ?? reader.end };
}

/** The readers answer null and stand after what they read, or answer the fault. */
function readValue(reader) {
  const token = reader.tokens[reader.at];
  if (!token) return faultAt(reader, "unfinished");
  if (token.text === "{") return readMembers(reader, "}", readMember);
  if (token.text === "[") return readMembers(reader, "]", readValue);
  if (token.kind === "key") return faultAt(reader, "keyHere");
  if (token.kind === "string") return readString(reader, token);
  if (token.kind !== "number" && token.kind !== "literal") return faultAt(reader, "value");
  if (token.kind === "number" && /^-?0\d/.test(token.text)) return faultAt(reader, "value");
  reader.at += 1;
  return null;
}

function readString(reader, token) {
  try {
    JSON.parse(token.text);
  } catch {
    return faultAt(reader, "string");
  }
  reader.at += 1;
  return null;
}

function readMember(reader) {
  const token = reader.tokens[reader.at];
  if (!token) return faultAt(reader, "unfinished");
  if (token.kind !== "key") {
    const bareString = token.kind === "string" && readString(reader, token) === null;
    return faultAt(reader, bareString ? "colon" : "key");
  }
  const fault = readString(reader, token);
  if (fault) return fault;
  reader.at += 1; // a key is told by the colon after it
  return readValue(reader);
}

function readMembers(reader, closer, readOne) {
  if (reader.depth >= DEPTH_MAX) return faultAt(reader, "deep");
  reader.depth += 1;
  reader.at += 1;
  if (reader.tokens[reader.at]?.text === closer) {
    reader.at += 1;
    reader.depth -= 1;
    return null;
  }
  for (;;) {
    const fault = readOne(reader);
    if (fault) return fault;
    const token = reader.tokens[reader.at];
    if (!token) return faultAt(reader, "unfinished");
    if (token.text === closer) {
      reader.at += 1;
      reader.depth -= 1;
      return null;
    }
    if (token.text !== ",") return faultAt(reader, "comma");
    reader.at += 1;
  }
}

/** Variables the operation declares and the object lacks, and those it has that are not declared. */
export function compareVariables(declared, value) {
  const names = new Set(declared.map((variable) => variable.name));
  const missing = declared.filter((variable) => {
    const required = variable.type.endsWith("!") && !variable.hasDefault;
    return required && (value[variable.name] === undefined || value[variable.name] === null);
  });
  return {
    missing: missing.map((variable) => variable.name),
    extra: Object.keys(value).filter((name) => !names.has(name)),
  };
}
