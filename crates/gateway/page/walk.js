// What each word of a GraphQL document is, told while reading on: keyword, field, argument, enum value, type...
//
// A tolerant reader with a stack of frames, not a parser: it never refuses, because it serves an editor in which the
// document is unfinished most of the time. With a schema it also knows each word's definition and what may come next.

import { NO_SCHEMA, itemType, namedType } from "./schema.js";

const OPERATIONS = new Set(["query", "mutation", "subscription"]);
const LITERALS = new Set(["true", "false", "null"]);

/** Reads the tokens from the first to the last; see `marks`, `operations` and `expectation`. */
export class Walk {
  constructor(tokens, schema) {
    this.tokens = tokens.filter((token) => token.kind !== "comment");
    this.schema = schema ?? NO_SCHEMA;
    /** One for each word: { token, role, parent, def, unknown }. */
    this.marks = [];
    /** The operations met: { type, name, from, to, variables }. */
    this.operations = [];
    this.fragments = [];
    this.inFragment = false;
    this.stack = [{ kind: "document" }];
    this.tokens.forEach((token, i) => this.#read(token, this.tokens[i + 1]));
  }

  get #top() {
    return this.stack[this.stack.length - 1];
  }

  #read(token, next) {
    if (this.stack.length > 1 && !this.inFragment) this.operations[this.operations.length - 1].to = token.to;
    const frame = this.#top;
    if (token.text === "}" || token.text === ")" || token.text === "]") {
      if (this.#closeTypeList(frame, token)) return;
      this.#close(token.text);
      return;
    }
    READERS[frame.kind].call(this, frame, token, next);
  }

  /** A `]` inside a variable's type closes no frame. */
  #closeTypeList(frame, token) {
    if (frame.kind !== "variables" || frame.expecting !== "type" || token.text !== "]") return false;
    frame.current.type += "]";
    return true;
  }

  /** Closes the innermost frame that this bracket ends, with whatever was left open inside it. */
  #close(text) {
    const at = this.stack.findLastIndex((frame) => frame.closer === text);
    if (at > 0) this.stack.length = at;
    if (this.stack.length === 1) this.stack[0] = { kind: "document" };
  }

  mark(token, role, more = {}) {
    this.marks.push({ token, role, ...more });
  }

  /** Opens the value that starts with a bracket; true when the token did. */
  openValue(token, type) {
    if (token.text === "{") {
      const owner = namedType(type);
      const defs = this.schema.type(owner)?.inputFields;
      this.stack.push({ kind: "entries", closer: "}", role: "inputField", owner, defs, used: new Set(), expecting: "name" });
      return true;
    }
    if (token.text === "[") {
      this.stack.push({ kind: "list", closer: "]", type: itemType(type) });
      return true;
    }
    return false;
  }

  openArguments(owner, defs) {
    this.stack.push({ kind: "entries", closer: ")", role: "argument", owner, defs, used: new Set(), expecting: "name" });
  }

  openSelection(type) {
    this.stack.push({ kind: "selection", closer: "}", type, field: null, spread: null, last: null });
  }

  /** Marks a simple value against the type that is expected in its place. */
  markValue(token, type) {
    if (token.kind === "variable") return this.mark(token, "variable");
    if (token.kind !== "name") return this.mark(token, token.kind);
    if (LITERALS.has(token.text)) return this.mark(token, "literal");
    const parent = this.schema.type(namedType(type));
    const def = parent?.enumValues?.find((value) => value.name === token.text);
    return this.mark(token, "enumValue", { parent: parent?.name, def, unknown: Boolean(parent?.enumValues) && !def });
  }

  /** What may stand next, for completion: { what, ... } or null. */
  expectation() {
    const frame = this.#top;
    const variables = this.operations[this.operations.length - 1]?.variables ?? [];
    switch (frame.kind) {
      case "document":
        return { what: "definition" };
      case "fragment":
        return frame.step === "type" ? { what: "condition", type: undefined } : null;
      case "variables":
        return frame.expecting === "type" ? { what: "inputType" } : { what: "value", type: frame.current?.ref, variables: [] };
      case "selection":
        return selectionExpectation(frame);
      case "entries":
        if (frame.expecting === "value") return { what: "value", type: frame.current?.type, variables };
        return { what: "entry", defs: frame.defs ?? [], used: frame.used };
      case "list":
        return { what: "value", type: frame.type, variables };
      default:
        return null;
    }
  }
}

function selectionExpectation(frame) {
  if (frame.spread?.step === "start") return { what: "spread", type: frame.type };
  if (frame.spread?.step === "type") return { what: "condition", type: frame.type };
  return { what: "field", type: frame.type };
}

/** How each kind of frame takes a token; `this` is the walk. Closing brackets never reach here. */
const READERS = {
  document(_frame, token) {
    this.inFragment = token.text === "fragment";
    if (token.text === "{") {
      this.operations.push({ type: "query", name: null, from: token.from, to: token.to, variables: [] });
      this.openSelection(this.schema.rootType("query"));
    } else if (OPERATIONS.has(token.text)) {
      this.mark(token, "keyword");
      this.operations.push({ type: token.text, name: null, from: token.from, to: token.to, variables: [] });
      this.stack.push({ kind: "operation", operation: token.text, last: null });
    } else if (token.text === "fragment") {
      this.mark(token, "keyword");
      this.stack.push({ kind: "fragment", step: "name", type: undefined, last: null });
    }
  },

  operation(frame, token) {
    const operation = this.operations[this.operations.length - 1];
    if (token.text === "{") {
      this.stack.pop();
      this.openSelection(this.schema.rootType(frame.operation));
    } else if (token.text === "(") {
      if (frame.last) this.openArguments(frame.last.name, frame.last.def?.args);
      else this.stack.push({ kind: "variables", closer: ")", operation, current: null, expecting: "name" });
    } else if (token.kind === "directive") {
      frame.last = readDirective(this, token);
    } else if (token.kind === "name") {
      operation.name = token.text;
      this.mark(token, "operationName");
    }
  },

  fragment(frame, token) {
    if (token.text === "{") {
      this.stack.pop();
      this.openSelection(frame.type);
    } else if (token.kind === "directive") {
      frame.last = readDirective(this, token);
    } else if (token.text === "(" && frame.last) {
      this.openArguments(frame.last.name, frame.last.def?.args);
    } else if (frame.step === "name" && token.kind === "name") {
      this.fragments.push(token.text);
      this.mark(token, "fragmentName");
      frame.step = "on";
    } else if (frame.step === "on" && token.text === "on") {
      this.mark(token, "keyword");
      frame.step = "type";
    } else if (frame.step === "type" && token.kind === "name") {
      frame.type = token.text;
      frame.step = "done";
      markType(this, token);
    }
  },

  variables(frame, token) {
    if (token.kind === "variable" && frame.expecting !== "value") {
      frame.current = { name: token.text.slice(1), type: "", ref: undefined, hasDefault: false };
      frame.operation.variables.push(frame.current);
      frame.expecting = "name";
      this.mark(token, "variable");
    } else if (token.text === ":" && frame.current) {
      frame.expecting = "type";
    } else if (token.text === "=" && frame.current) {
      frame.current.hasDefault = true;
      frame.expecting = "value";
    } else if (token.kind === "directive") {
      readDirective(this, token);
      frame.expecting = "name";
    } else if (frame.expecting === "type" && frame.current) {
      frame.current.type += token.text;
      if (token.kind !== "name") return;
      frame.current.ref = { kind: "NAMED", name: token.text, ofType: null };
      markType(this, token);
    } else if (frame.expecting === "value") {
      frame.expecting = "name";
      if (!this.openValue(token, frame.current?.ref)) this.markValue(token, frame.current?.ref);
    }
  },

  selection(frame, token, next) {
    if (token.kind === "spread") {
      frame.spread = { step: "start", type: frame.type };
      frame.field = null;
      frame.last = null;
    } else if (token.kind === "directive") {
      frame.last = readDirective(this, token);
    } else if (token.text === "(") {
      if (frame.last) this.openArguments(frame.last.name, frame.last.def?.args);
      else this.openArguments(frame.field?.name, frame.field?.args);
    } else if (token.text === "{") {
      const inner = frame.spread ? frame.spread.type : namedType(frame.field?.type);
      frame.spread = null;
      frame.field = null;
      frame.last = null;
      this.openSelection(inner);
    } else if (token.kind === "name") {
      readSelectionName(this, frame, token, next);
    }
  },

  entries(frame, token) {
    if (token.text === ":") {
      frame.expecting = "value";
    } else if (frame.expecting === "value") {
      frame.expecting = "name";
      if (!this.openValue(token, frame.current?.type)) this.markValue(token, frame.current?.type);
    } else if (token.kind === "name") {
      frame.current = frame.defs?.find((def) => def.name === token.text);
      frame.used.add(token.text);
      const unknown = Boolean(frame.defs) && !frame.current;
      this.mark(token, frame.role, { parent: frame.owner, def: frame.current, unknown });
    }
  },

  list(frame, token) {
    if (!this.openValue(token, frame.type)) this.markValue(token, frame.type);
  },
};

function readDirective(walk, token) {
  const name = token.text.slice(1);
  const def = walk.schema.directive(name);
  walk.mark(token, "directive", { def, unknown: walk.schema.directives.size > 0 && !def });
  return { name, def };
}

function markType(walk, token) {
  const def = walk.schema.type(token.text);
  walk.mark(token, "type", { def, unknown: walk.schema.types.size > 0 && !def });
}

function readSelectionName(walk, frame, token, next) {
  const { spread } = frame;
  frame.last = null;
  if (spread?.step === "start" && token.text === "on") {
    walk.mark(token, "keyword");
    spread.step = "type";
  } else if (spread?.step === "start") {
    walk.mark(token, "fragmentName");
    spread.step = "done";
  } else if (spread?.step === "type") {
    spread.type = token.text;
    spread.step = "done";
    markType(walk, token);
  } else if (next?.text === ":") {
    frame.spread = null;
    walk.mark(token, "alias");
  } else {
    frame.spread = null;
    frame.field = walk.schema.field(frame.type, token.text) ?? null;
    const unknown = Boolean(walk.schema.type(frame.type)) && !frame.field;
    walk.mark(token, "field", { parent: frame.type, def: frame.field, unknown });
  }
}
