// The question: query editor, variables editor, which operation runs, and what the word at the caret means.
//
// It knows the schema but not the network; main.js asks for `question()` and sends it.

import { byId, el } from "./dom.js";
import { complete } from "./complete.js";
import { Editor } from "./editor.js";
import { graphqlSpans, jsonSpans } from "./highlight.js";
import { t } from "./i18n.js";
import { checkVariables, compareVariables } from "./json_check.js";
import { prettify } from "./prettify.js";
import { NO_SCHEMA, namedType, signature, typeText } from "./schema.js";
import { bracketPair, graphqlTokens, indentJson, jsonTokens } from "./tokens.js";
import { Walk } from "./walk.js";

export class QuestionPane {
  /** `wishes`: onRun(), onChange(), onLookUp(type, name). */
  constructor(wishes) {
    this.wishes = wishes;
    this.schema = NO_SCHEMA;
    this.operations = [];
    this.marks = [];
    this.query = new Editor(byId("query-slot"), {
      id: "query-text",
      labelKey: "queryEditor",
      commentable: true,
      spans: (text, caret) => this.#querySpans(text, caret),
      complete: (text, caret) => complete(text, caret, this.schema),
      onChange: () => this.#changed(),
      onCaret: () => this.#caretMoved(),
      onRun: wishes.onRun,
      onLookUp: () => this.lookUp(),
    });
    this.variables = new Editor(byId("variables-slot"), {
      id: "variables-text",
      labelKey: "variablesEditor",
      spans: (text, caret) => this.#variableSpans(text, caret),
      onChange: () => this.#changed(),
      onRun: wishes.onRun,
    });
    for (const editor of [this.query, this.variables]) {
      editor.area.addEventListener("focus", () => {
        this.lastUsed = editor;
      });
    }
    byId("caret-open").addEventListener("click", () => this.lookUp());
    byId("operation").addEventListener("change", (event) => {
      const operation = this.operations[Number(event.target.value)];
      if (operation) this.query.focus(operation.from);
    });
  }

  /** Puts a question into both editors. */
  fill({ query, variables }) {
    this.query.text = query;
    this.variables.text = variables;
    this.write();
  }

  takeSchema(schema) {
    this.schema = schema ?? NO_SCHEMA;
    this.query.paint();
    this.write();
  }

  /** What would be sent now: { query, variablesText, variables, operation, fault }. */
  question() {
    const checked = checkVariables(this.variables.text);
    return {
      query: this.query.text,
      variablesText: this.variables.text,
      variables: checked.value,
      fault: checked.error,
      operation: this.#operation(),
    };
  }

  /** The name of the first variable of type GeoJSON of the operation, or null. */
  areaVariable() {
    return this.#operation()?.variables.find((variable) => /geojson/i.test(variable.type))?.name ?? null;
  }

  /** Sets one variable, the others left as they are; false when the variables cannot be read. */
  setVariable(name, value) {
    const { value: variables } = checkVariables(this.variables.text);
    if (!variables) return false;
    this.variables.text = indentJson(JSON.stringify({ ...variables, [name]: value }));
    return true;
  }

  /** Sets both texts in even lines; false when the query is unfinished. */
  prettify() {
    const pretty = prettify(this.query.text);
    if (pretty !== null && pretty !== this.query.text) this.query.rewrite(pretty);
    const { error } = checkVariables(this.variables.text);
    const even = indentJson(this.variables.text);
    if (!error && even !== this.variables.text) this.variables.rewrite(even);
    return pretty !== null;
  }

  /** Inserts text at the caret of the editor used last. */
  insert(text) {
    const editor = this.lastUsed ?? this.query;
    const { selectionStart: from, selectionEnd: to } = editor.area;
    editor.apply({ from, to, insert: text, caret: from + text.length, end: from + text.length });
  }

  /** Opens the reference at the word under the caret. */
  lookUp() {
    const mark = this.#markAtCaret();
    if (!mark) return;
    const own = mark.role === "type" ? { type: mark.token.text } : { type: mark.parent, name: mark.token.text };
    if (own.type) this.wishes.onLookUp(own.type, own.name);
  }

  /** Shows the places that errors name. */
  markErrors(places) {
    this.query.markLines(places.map((place) => place.line));
  }

  goTo({ line, column }) {
    const before = this.query.text.split("\n").slice(0, line - 1);
    this.query.focus(before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1);
  }

  /** Writes the words anew. */
  write() {
    this.#writeVariablesState();
    this.#writeOperations();
    this.#writeCaretLine();
  }

  #changed() {
    this.write();
    this.wishes.onChange();
  }

  #caretMoved() {
    this.#writeOperations();
    this.#writeCaretLine();
  }

  #querySpans(text, caret) {
    const tokens = graphqlTokens(text);
    const walk = new Walk(tokens, this.schema);
    this.operations = walk.operations;
    this.marks = walk.marks;
    const pair = bracketPair(tokens, caret);
    return graphqlSpans(tokens, walk.marks).map((span) => ({ ...span, paired: pair?.some((token) => token.from === span.from) }));
  }

  #variableSpans(text, caret) {
    const tokens = jsonTokens(text);
    const pair = bracketPair(tokens, caret);
    const spans = jsonSpans(tokens, checkVariables(text).error);
    return spans.map((span) => ({ ...span, paired: pair?.some((token) => token.from === span.from) }));
  }

  /** The operation the caret stands in, else the first. */
  #operation() {
    const { caret } = this.query;
    return this.operations.find((each) => each.from <= caret && caret <= each.to) ?? this.operations[0] ?? null;
  }

  #markAtCaret() {
    const { caret } = this.query;
    return this.marks.find(({ token }) => token.from <= caret && caret <= token.to) ?? null;
  }

  #writeOperations() {
    byId("operation-field").hidden = this.operations.length < 2;
    const current = this.#operation();
    const options = this.operations.map((each, i) => {
      const text = each.name ?? `${each.type} ${i + 1}`;
      return el("option", { value: String(i), selected: each === current }, text);
    });
    byId("operation").replaceChildren(...options);
  }

  #writeCaretLine() {
    const mark = this.#markAtCaret();
    const known = mark?.def ?? null;
    byId("caret-open").hidden = !known;
    byId("caret-line").replaceChildren(...caretText(mark));
  }

  #writeVariablesState() {
    const state = byId("variables-state");
    const { error, value } = checkVariables(this.variables.text);
    state.className = "variables-state";
    if (error) {
      state.classList.add("wrong");
      state.textContent = t("jsonFault", { ...error, reason: t(`json_${error.reason}`) });
      return;
    }
    const { missing, extra } = compareVariables(this.#operation()?.variables ?? [], value);
    const said = [];
    if (missing.length > 0) said.push(t("variablesMissing", { names: missing.join(", ") }));
    if (extra.length > 0) said.push(t("variablesExtra", { names: extra.join(", ") }));
    state.classList.toggle("wrong", missing.length > 0);
    const empty = this.variables.text.trim() === "";
    state.textContent = said.join(" · ") || (empty ? "" : t("variablesFine"));
  }
}

/** One line on the word at the caret: its signature and the beginning of its description. */
function caretText(mark) {
  if (!mark) return [];
  const name = mark.token.text;
  if (mark.unknown) return [mark.parent ? t("unknownField", { parent: mark.parent, name }) : t("unknownWord", { name })];
  if (!mark.def) return [];
  const about = (mark.def.description ?? "").trim().split("\n")[0];
  return [el("code", {}, headOf(mark)), about ? ` ${about}` : ""];
}

function headOf({ role, def, parent }) {
  if (role === "field") return signature(def);
  if (role === "argument" || role === "inputField") return `${def.name}: ${typeText(def.type)}`;
  if (role === "enumValue") return `${parent}.${def.name}`;
  return namedType(def.type) ?? def.name;
}
