// Finds what a reader types among the schema's types, fields, arguments and enum values.
//
// Pure; docs.js shows the finds. Names count before descriptions, and whole beginnings before middles.

/** At most this many finds are listed; the view says how many there are. */
export const FOUND_MAX = 80;

/** Finds { kind, type, name, owner, description, score }, the best first; every word typed has to occur. */
export function searchSchema(schema, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const finds = [];
  for (const entry of entries(schema)) {
    const score = match(entry, words);
    if (score > 0) finds.push({ ...entry, score });
  }
  return finds.sort((a, b) => b.score - a.score || a.name.length - b.name.length || a.name.localeCompare(b.name, "en"));
}

function* entries(schema) {
  for (const type of schema.listed()) {
    yield { kind: "type", type: type.name, name: type.name, owner: "", description: type.description ?? "" };
    for (const field of [...(type.fields ?? []), ...(type.inputFields ?? [])]) {
      yield { kind: "field", type: type.name, name: field.name, owner: type.name, description: field.description ?? "" };
      for (const argument of field.args ?? []) {
        yield { kind: "argument", type: type.name, name: argument.name, owner: `${type.name}.${field.name}`, description: argument.description ?? "" };
      }
    }
    for (const value of type.enumValues ?? []) {
      yield { kind: "value", type: type.name, name: value.name, owner: type.name, description: value.description ?? "" };
    }
  }
}

/** Nought when a word does not occur; more the nearer the name is to what was typed. */
function match(entry, words) {
  const name = entry.name.toLowerCase();
  const place = `${entry.owner}.${entry.name}`.toLowerCase();
  const description = entry.description.toLowerCase();
  let score = entry.kind === "type" ? 2 : entry.kind === "argument" ? 0.5 : 1;
  for (const word of words) {
    if (name === word) score += 100;
    else if (name.startsWith(word)) score += 50;
    else if (name.includes(word)) score += 25;
    else if (place.includes(word)) score += 10;
    else if (description.includes(word)) score += 5;
    else return 0;
  }
  return score;
}
