// What may be written at the caret: fields, arguments, enum values, types, variables, from the schema.
//
// Pure: text and caret in, a list out; suggest.js shows it. The words before the caret decide (walk.js), those after it
// do not, because what follows is often the rest of an older thought.

import { namedType, isRequired, signature, typeText } from "./schema.js";
import { graphqlTokens } from "./tokens.js";
import { Walk } from "./walk.js";

/** At most this many are offered; typing on narrows them. */
export const OFFERED_MAX = 60;

const KEYWORDS = [
  { label: "query", description: "" },
  { label: "mutation", description: "" },
  { label: "subscription", description: "" },
  { label: "fragment", description: "" },
];

/** { from, to, items: [{ label, insert, detail, description, deprecated }] } or null when nothing fits. */
export function complete(text, caret, schema) {
  const tokens = graphqlTokens(text);
  const around = tokens.find((token) => token.from < caret && caret <= token.to);
  if (around && isClosedText(around, caret)) return null;
  const word = around && ["name", "variable", "directive"].includes(around.kind) ? around : null;
  const before = tokens.filter((token) => token.to <= (word ? word.from : caret));
  const walk = new Walk(before, schema);
  const prefix = word ? text.slice(word.from, caret) : "";
  const all = word?.kind === "directive" ? directives(schema) : offered(walk, tokens, schema, word);
  const items = rank(all, prefix).slice(0, OFFERED_MAX);
  if (items.length === 0) return null;
  return { from: word ? word.from : caret, to: word ? word.to : caret, items };
}

/** Inside a comment, a string or a number nothing is offered. */
function isClosedText(token, caret) {
  if (token.kind === "comment") return true;
  if (token.kind === "number") return true;
  if (token.kind !== "string" && token.kind !== "blockString") return false;
  const closed = token.kind === "string" ? /^".*"$/s.test(token.text) : /^""".*"""$/s.test(token.text);
  return caret < token.to || !closed;
}

function offered(walk, tokens, schema, word) {
  const expected = walk.expectation();
  if (!expected) return [];
  if (word?.kind === "variable") return expected.what === "value" ? variables(expected) : [];
  switch (expected.what) {
    case "definition":
      return KEYWORDS.map((each) => ({ ...each, insert: `${each.label} `, detail: "" }));
    case "field":
      return schema.fields(expected.type).map(fieldItem);
    case "entry":
      return expected.defs.filter((def) => !expected.used.has(def.name)).map(entryItem);
    case "value":
      return values(expected, schema);
    case "spread":
      return [...spreads(tokens, schema), { label: "on", insert: "on ", detail: "", description: "" }];
    case "condition":
      return conditions(expected, schema);
    case "inputType":
      return schema.listed?.().filter(isInput).map(typeItem) ?? [];
    default:
      return [];
  }
}

function fieldItem(field) {
  return {
    label: field.name,
    insert: field.name,
    detail: typeText(field.type),
    description: field.description ?? "",
    deprecated: field.isDeprecated ?? false,
    signature: signature(field),
  };
}

function entryItem(def) {
  return {
    label: def.name,
    insert: `${def.name}: `,
    detail: typeText(def.type),
    description: def.description ?? "",
    required: isRequired(def),
    deprecated: def.isDeprecated ?? false,
  };
}

function typeItem(type) {
  return { label: type.name, insert: type.name, detail: type.kind, description: type.description ?? "" };
}

function isInput(type) {
  return ["SCALAR", "ENUM", "INPUT_OBJECT"].includes(type.kind);
}

function conditions(expected, schema) {
  const names = expected.type ? schema.conditions(expected.type) : [...schema.types.keys()];
  const composite = names.map((name) => schema.type(name)).filter((type) => type && !isInput(type));
  return composite.filter((type) => !type.name.startsWith("__")).map(typeItem);
}

function spreads(tokens, schema) {
  return new Walk(tokens, schema).fragments.map((name) => ({ label: name, insert: name, detail: "fragment", description: "" }));
}

function values(expected, schema) {
  const type = schema.type(namedType(expected.type));
  const own = (type?.enumValues ?? []).map((value) => ({
    label: value.name,
    insert: value.name,
    detail: type.name,
    description: value.description ?? "",
    deprecated: value.isDeprecated ?? false,
  }));
  const booleans = type?.name === "Boolean" ? ["true", "false"] : [];
  const literals = booleans.map((label) => ({ label, insert: label, detail: "Boolean", description: "" }));
  return [...own, ...literals, ...variables(expected)];
}

/** Declared variables, those of the wanted type first. */
function variables(expected) {
  const wanted = namedType(expected.type);
  const items = expected.variables.map((variable) => ({
    label: `$${variable.name}`,
    insert: `$${variable.name}`,
    detail: variable.type,
    description: "",
    fits: variable.ref?.name === wanted,
  }));
  return items.sort((a, b) => Number(b.fits) - Number(a.fits));
}

function directives(schema) {
  const inDocuments = new Set(["FIELD", "QUERY", "MUTATION", "SUBSCRIPTION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"]);
  const usable = [...schema.directives.values()].filter((each) => each.locations?.some((where) => inDocuments.has(where)));
  return usable.map((each) => ({
    label: `@${each.name}`,
    insert: `@${each.name}`,
    detail: "",
    description: each.description ?? "",
  }));
}

/** Those that begin with the prefix first, then those that contain it; required and current ones before the others. */
function rank(items, prefix) {
  const sought = prefix.toLowerCase();
  const scored = items
    .map((item, place) => ({ item, place, score: score(item, sought) }))
    .filter((each) => each.score < Infinity);
  scored.sort((a, b) => a.score - b.score || a.place - b.place);
  return scored.map((each) => each.item);
}

function score(item, sought) {
  const at = item.label.toLowerCase().indexOf(sought);
  if (at < 0) return Infinity;
  const meta = item.label.startsWith("__") ? 8 : 0;
  return (at === 0 ? 0 : 4) + meta + (item.deprecated ? 2 : 0) + (item.required ? 0 : 1);
}
