// The answer: its state in one line, and the four ways to look at it (map, table, JSON, messages).
//
// It shows what request.js brought; which view comes first follows what the answer holds and what was last chosen.

import { findRefusals, readError, readMeter, readPages } from "./answers.js";
import { byId, copyText, el, button } from "./dom.js";
import { errorCards, noticeCard } from "./errors_view.js";
import { t } from "./i18n.js";
import { jsonTree } from "./json_tree.js";
import { MapView } from "./map.js";
import { TableView } from "./table.js";
import { Tabs } from "./tabs.js";
import { indentJson } from "./tokens.js";

/** Levels of the JSON tree that are open at first. */
const TREE_DEPTH = 8;

export class AnswerPane {
  /** `wishes`: onPlace(place) for a place in the query, onArea(polygon) for a box drawn on the map, stamp
   * (the key of a label that belongs on every map, or null). */
  constructor(wishes) {
    this.wishes = wishes;
    this.answer = null;
    this.tabs = new Tabs(byId("reply-tabs"), (id) => {
      this.preferred = id;
    });
    this.tabs.show("tab-json");
    this.map = new MapView(byId("panel-map"), { onPick: (object) => this.table.select(object), onArea: wishes.onArea, stamp: wishes.stamp });
    this.table = new TableView(byId("panel-table"), (object) => this.#rowChosen(object));
    byId("copy").addEventListener("click", () => this.#copy());
  }

  /** Says one line, read out by screen readers. */
  say(text, kind = "") {
    byId("status").className = `status ${kind}`;
    byId("status").textContent = text;
  }

  /** Shows that the registry is being asked. */
  wait() {
    byId("reply").setAttribute("aria-busy", "true");
    this.say(t("running"), "waiting");
  }

  /** Shows an answer of request.js to an operation and the variables it was asked with. */
  show(answer, operation, variables) {
    byId("reply").setAttribute("aria-busy", "false");
    if (answer.outcome === "cancelled") {
      this.say(t(operation.type === "mutation" ? "cancelledAct" : "cancelled"));
      return;
    }
    this.answer = answer;
    this.variables = variables;
    this.body = answer.outcome === "answered" ? answer.body : null;
    this.hasMap = this.map.show(this.body?.data, variables);
    this.hasTable = this.table.show(this.body?.data);
    this.treeDepth = TREE_DEPTH;
    this.#read();
    this.write();
    this.tabs.show(this.#firstView());
  }

  /** Writes the words anew. */
  write() {
    if (!this.answer) {
      this.say(t("idle"));
      byId("panel-json").replaceChildren(el("p", { className: "quiet-text" }, t("emptyAnswer")));
      return;
    }
    this.#writeJson();
    this.#writeErrors();
    this.map.write();
    this.table.draw();
    this.say(this.#stateLine(), this.count > 0 || !this.body ? "attention" : "fine");
  }

  #read() {
    this.errors = (Array.isArray(this.body?.errors) ? this.body.errors : []).map(readError);
    this.refusals = findRefusals(this.body?.data);
    this.count = this.errors.length + this.refusals.length + (this.body ? 0 : 1);
    byId("tab-map").disabled = !this.hasMap;
    byId("tab-table").disabled = !this.hasTable;
    byId("tab-errors").disabled = this.count === 0;
    byId("errors-count").textContent = this.count > 0 ? String(this.count) : "";
    byId("copy").disabled = !this.answer.text;
  }

  /** Messages when there is no data; else the view last chosen by hand; else the map, else what needs reading. */
  #firstView() {
    const data = this.body?.data;
    if (!data || Object.values(data).every((value) => value === null)) return this.count > 0 ? "tab-errors" : "tab-json";
    const wished = this.preferred && !byId(this.preferred).disabled && this.preferred !== "tab-errors";
    if (wished) return this.preferred;
    if (this.hasMap) return "tab-map";
    return this.count > 0 ? "tab-errors" : "tab-json";
  }

  #rowChosen(object) {
    this.table.select(object);
    this.map.select(object);
  }

  #stateLine() {
    const { outcome, status, milliseconds, text } = this.answer;
    if (outcome === "unreachable") return t("unreachable");
    if (outcome === "tooLarge") return t("tooLarge");
    if (outcome === "notJson") return t(status === 401 ? "unauthenticated" : "notJson", { status });
    const { seq, cost } = readMeter(this.body);
    const state = !this.body.data ? t("refusedWhole") : this.count > 0 ? t("answeredWithErrors", { count: this.count }) : t("answered");
    const facts = [state, `HTTP ${status}`, `${milliseconds.toFixed(milliseconds < 100 ? 1 : 0)} ms`, sizeText(text.length)];
    facts.push(...readPages(this.body.data).map(({ shown, total }) => t(total === undefined ? "pageMore" : "pageCut", { shown, total })));
    if (seq !== undefined) facts.push(`seq ${seq}`);
    if (cost !== undefined) facts.push(`cost ${cost}`);
    return facts.join(" · ");
  }

  #writeJson() {
    const panel = byId("panel-json");
    if (!this.body) {
      panel.replaceChildren(el("pre", { className: "raw" }, (this.answer.text ?? "").slice(0, 20_000)));
      return;
    }
    const redraw = (depth) => {
      this.treeDepth = depth;
      this.#writeJson();
    };
    const bar = el("div", { className: "tree-bar" }, button(t("foldAll"), () => redraw(1)), button(t("unfoldAll"), () => redraw(TREE_DEPTH)));
    panel.replaceChildren(bar, jsonTree(this.body, this.treeDepth));
  }

  #writeErrors() {
    const own = this.body ? [] : [noticeCard(this.#stateLine())];
    const unauthenticated = this.errors.some((each) => each.code === "UNAUTHENTICATED") ? [noticeCard(t("unauthenticated"))] : [];
    byId("panel-errors").replaceChildren(...own, ...unauthenticated, ...errorCards(this.errors, this.refusals, this.wishes.onPlace));
  }

  /** Copies the answer indented, every digit as the registry wrote it. */
  async #copy() {
    const text = this.body ? indentJson(this.answer.text) : this.answer.text;
    this.say(await copyText(text));
  }
}

function sizeText(characters) {
  if (characters < 1024) return `${characters} B`;
  const kilo = characters / 1024;
  return kilo < 1024 ? `${kilo.toFixed(1)} kB` : `${(kilo / 1024).toFixed(1)} MB`;
}
