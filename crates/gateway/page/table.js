// The lists of an answer as a table: choose a list, order by a column, copy for a spreadsheet.

import { button, copyText, el } from "./dom.js";
import { t } from "./i18n.js";
import { ROWS_MAX, cell, cellText, columnsOf, findLists, isDecimal, sortRows, tabText } from "./rows.js";
import { statusDot } from "./statuses.js";

/** A table in `host`; `onRow(row)` is told of a chosen row. */
export class TableView {
  constructor(host, onRow) {
    this.host = host;
    this.onRow = onRow;
    this.lists = [];
  }

  /** Shows the lists of an answer's data; answers whether there is one. */
  show(data) {
    this.lists = findLists(data);
    this.chosen = 0;
    this.order = null;
    this.selected = null;
    this.draw();
    return this.lists.length > 0;
  }

  /** Marks the row of this object and brings it into view. */
  select(object) {
    this.selected = object;
    const holder = this.lists.findIndex((list) => list.rows.includes(object));
    if (holder >= 0) this.chosen = holder;
    this.draw();
    this.host.querySelector("tr.chosen")?.scrollIntoView({ block: "nearest" });
  }

  draw() {
    const list = this.lists[this.chosen];
    if (!list) {
      this.host.replaceChildren(el("p", { className: "quiet-text" }, t("tableNone")));
      return;
    }
    const columns = columnsOf(list.rows);
    const rows = this.order ? sortRows(list.rows, this.order.path, this.order.direction) : list.rows;
    this.host.replaceChildren(this.#bar(rows, columns), this.#table(rows.slice(0, ROWS_MAX), columns, list.path));
  }

  #bar(rows, columns) {
    const shown = Math.min(rows.length, ROWS_MAX);
    const count = shown < rows.length ? t("rowsCut", { shown, count: rows.length }) : t("rows", { count: rows.length });
    const said = el("output", { className: "quiet-text" }, count);
    const copy = async () => {
      said.textContent = await copyText(tabText(rows, columns));
    };
    const options = this.lists.map((list, i) => el("option", { value: String(i), selected: i === this.chosen }, list.path));
    const choose = (event) => {
      this.chosen = Number(event.target.value);
      this.order = null;
      this.draw();
    };
    const select = el("label", { className: "field" }, el("span", {}, t("list")), el("select", { onchange: choose }, ...options));
    return el("div", { className: "table-bar" }, select, said, el("span", { className: "gap" }), button(t("copyTable"), copy));
  }

  #table(rows, columns, path) {
    const head = el("tr", {}, ...columns.map((column) => this.#heading(column)));
    const body = rows.map((row) => this.#row(row, columns));
    const first = body.find((line) => line.className === "chosen") ?? body[0];
    if (first) first.tabIndex = 0;
    const table = el("table", {}, el("caption", { className: "unseen" }, path), el("thead", {}, head), el("tbody", {}, ...body));
    return el("div", { className: "table-scroll", tabIndex: 0, role: "region", "aria-label": path }, table);
  }

  #heading(column) {
    const direction = this.order?.path === column ? this.order.direction : "none";
    const turn = () => {
      this.order = { path: column, direction: direction === "ascending" ? "descending" : "ascending" };
      this.draw();
      [...this.host.querySelectorAll("th")].find((th) => th.dataset.column === column)?.querySelector("button").focus();
    };
    const arrow = { ascending: " ↑", descending: " ↓", none: "" }[direction];
    const sorter = el("button", { type: "button", onclick: turn, "aria-label": t("sortBy", { column }) }, column + arrow);
    return el("th", { scope: "col", "aria-sort": direction, "data-column": column }, sorter);
  }

  #row(row, columns) {
    const cells = columns.map((path) => {
      const value = cell(row, path);
      const dot = path.endsWith("stockStatus") ? statusDot(value) : null;
      return el("td", { className: isDecimal(value) ? "number" : "" }, dot, cellText(value));
    });
    const chosen = row === this.selected;
    const line = el("tr", { className: chosen ? "chosen" : "", tabIndex: -1 }, ...cells);
    line.addEventListener("click", () => this.#pick(row));
    line.addEventListener("keydown", (event) => this.#rowKey(event, row, line));
    return line;
  }

  /** One row takes the Tab key, the arrows move from row to row, Enter chooses. */
  #rowKey(event, row, line) {
    const next = { ArrowDown: line.nextElementSibling, ArrowUp: line.previousElementSibling }[event.key];
    if (next) next.focus();
    else if (event.key === "Enter" || event.key === " ") this.#pick(row);
    else return;
    event.preventDefault();
  }

  #pick(row) {
    this.onRow(row);
    this.host.querySelector("tr.chosen")?.focus();
  }
}
