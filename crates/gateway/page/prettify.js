// Sets a GraphQL document in even lines: two spaces a level, a field a line, arguments broken where they are long.
//
// Words are never changed: the result is compared with the input token by token before it is given out, so a document
// this file does not understand is returned as "cannot", never damaged. Comments keep their line or their line's end.

import { graphqlTokens } from "./tokens.js";

/** Arguments that would pass this column are set one a line. */
const COLUMN_MAX = 88;
/** Nesting beyond this is left as it is. */
const DEPTH_MAX = 200;

/** The document set evenly, or null when it is unfinished or not understood. */
export function prettify(text) {
  const tokens = graphqlTokens(text);
  tokens.forEach((token, i) => {
    token.trailing = i > 0 && token.kind === "comment" && !text.slice(tokens[i - 1].to, token.from).includes("\n");
  });
  try {
    const pretty = new Printer(tokens).document();
    return sameWords(tokens, graphqlTokens(pretty)) ? pretty : null;
  } catch (refusal) {
    if (refusal instanceof NotUnderstood) return null;
    throw refusal;
  }
}

class NotUnderstood extends Error {}

function sameWords(before, after) {
  if (before.length !== after.length) return false;
  return before.every((token, i) => token.text.trimEnd() === after[i].text.trimEnd());
}

class Printer {
  constructor(tokens) {
    this.tokens = tokens;
    this.at = 0;
    this.lines = [];
  }

  get token() {
    return this.tokens[this.at];
  }

  take() {
    const token = this.tokens[this.at];
    if (!token) throw new NotUnderstood();
    this.at += 1;
    return token;
  }

  is(text) {
    return this.token?.text === text;
  }

  expect(text) {
    if (!this.is(text)) throw new NotUnderstood();
    return this.take();
  }

  line(depth, text) {
    if (depth > DEPTH_MAX) throw new NotUnderstood();
    this.lines.push("  ".repeat(depth) + text);
  }

  /** Comments here: at a line's end they stay there, else they take a line of their own. */
  comments(depth) {
    while (this.token?.kind === "comment") {
      const { text, trailing } = this.take();
      if (trailing && this.lines.length > 0) this.lines[this.lines.length - 1] += ` ${text.trimEnd()}`;
      else this.line(depth, text.trimEnd());
    }
  }

  document() {
    this.comments(0);
    let first = this.lines.length === 0;
    while (this.token) {
      if (!first && this.lines[this.lines.length - 1] === "}") this.lines.push("");
      first = false;
      this.definition();
      this.comments(0);
    }
    return this.lines.length > 0 ? `${this.lines.join("\n")}\n` : "";
  }

  definition() {
    let head = "";
    while (this.token && !this.is("{")) {
      if (this.token.kind === "comment") throw new NotUnderstood();
      if (this.is("(")) head += this.group(0, head);
      else head += (head ? " " : "") + this.word(["name", "directive"]);
    }
    this.selections(0, head);
  }

  word(kinds) {
    const token = this.take();
    if (!kinds.includes(token.kind)) throw new NotUnderstood();
    return token.text;
  }

  /** From `{` to `}`, each selection on its line; `head` stands before the brace. */
  selections(depth, head) {
    this.expect("{");
    this.line(depth, head ? `${head} {` : "{");
    this.comments(depth + 1);
    while (!this.is("}")) {
      this.selection(depth + 1);
      this.comments(depth + 1);
    }
    this.expect("}");
    this.line(depth, "}");
  }

  selection(depth) {
    let head = this.is("...") ? this.spread() : this.fieldName();
    for (;;) {
      if (this.is("(")) head += this.group(depth, head);
      else if (this.token?.kind === "directive") head += ` ${this.take().text}`;
      else break;
    }
    if (this.is("{")) this.selections(depth, head);
    else this.line(depth, head);
  }

  spread() {
    this.take();
    if (this.token?.kind !== "name") return "...";
    const name = this.take().text;
    return name === "on" ? `... on ${this.word(["name"])}` : `...${name}`;
  }

  fieldName() {
    const name = this.word(["name"]);
    if (!this.is(":")) return name;
    this.take();
    return `${name}: ${this.word(["name"])}`;
  }

  /** Arguments or variables with their brackets: on one line when they fit, else one a line. */
  group(depth, head) {
    const open = this.at;
    this.expect("(");
    const flat = this.entries(")");
    const fits = flat !== null && depth * 2 + head.length + flat.length + 2 <= COLUMN_MAX;
    if (fits) return `(${flat})`;
    this.at = open;
    return this.broken(depth, "(", ")");
  }

  /** A bracketed list set one entry a line, as text that goes on after what stands before it. */
  broken(depth, opener, closer) {
    this.expect(opener);
    if (depth > DEPTH_MAX) throw new NotUnderstood();
    const indent = "  ".repeat(depth + 1);
    let out = opener;
    while (!this.is(closer)) {
      if (this.token?.kind === "comment") {
        const { text, trailing } = this.take();
        out += trailing ? ` ${text.trimEnd()}` : `\n${indent}${text.trimEnd()}`;
      } else {
        out += `\n${indent}${this.entry(depth + 1)}`;
      }
    }
    this.expect(closer);
    return `${out}\n${"  ".repeat(depth)}${closer}`;
  }

  /** Entries up to `closer` on one line, or null when a comment or a block string forbids that. */
  entries(closer) {
    const parts = [];
    while (!this.is(closer)) {
      if (!this.token || this.token.kind === "comment") return null;
      const part = this.entry(null);
      if (part === null || part.includes("\n")) return null;
      parts.push(part);
    }
    this.expect(closer);
    return parts.join(", ");
  }

  /** One `name: value`, one variable definition, or one bare value; at a null depth on one line or null. */
  entry(depth) {
    const name = this.token?.kind === "name" || this.token?.kind === "variable";
    const named = name && this.tokens[this.at + 1]?.text === ":";
    if (!named) return this.value(depth, 0);
    const variable = this.token.kind === "variable";
    const head = `${this.take().text}: `;
    this.take();
    if (!variable) return joined(head, this.value(depth, head.length));
    let out = head + this.typeRef();
    if (this.is("=")) {
      this.take();
      out = joined(`${out} = `, this.value(depth, out.length + 3));
    }
    while (out !== null && this.token?.kind === "directive") {
      out += ` ${this.take().text}`;
      if (this.is("(")) out = joined(out, this.flatOrBroken(depth, "(", ")", out.length));
    }
    return out;
  }

  typeRef() {
    let out = this.is("[") ? this.take().text + this.typeRef() + this.expect("]").text : this.word(["name"]);
    if (this.is("!")) out += this.take().text;
    return out;
  }

  value(depth, headLength) {
    if (this.is("{")) return this.flatOrBroken(depth, "{", "}", headLength);
    if (this.is("[")) return this.flatOrBroken(depth, "[", "]", headLength);
    return this.word(["name", "variable", "number", "string", "blockString"]);
  }

  flatOrBroken(depth, opener, closer, headLength) {
    const open = this.at;
    this.expect(opener);
    const flat = this.entries(closer);
    const pad = opener === "{" && flat ? " " : "";
    const fits = depth === null || (flat !== null && depth * 2 + headLength + flat.length + 4 <= COLUMN_MAX);
    if (flat === null && depth === null) return null;
    if (fits) return `${opener}${pad}${flat}${pad}${closer}`;
    this.at = open;
    return this.broken(depth, opener, closer);
  }
}

function joined(head, tail) {
  return tail === null ? null : head + tail;
}
