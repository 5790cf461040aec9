// An answer as a tree that folds: drawn only as far as it is opened, so that a large answer costs little.
//
// Outlines start folded. Each fold is a button that a keyboard reaches; long lists open a piece at a time.

import { button, el } from "./dom.js";
import { t } from "./i18n.js";
import { isGeometry } from "./rows.js";

/** Members shown of a list before "show more". */
const PIECE = 100;
/** Members that are opened of themselves, over the whole tree. */
const OPENED_MAX = 1_500;
/** Lists longer than this that hold only numbers are folded. */
const NUMBERS_MAX = 8;

/** The tree of a value; `depth` levels are open at first. */
export function jsonTree(value, depth) {
  const budget = { left: OPENED_MAX };
  return el("div", { className: "tree" }, node(null, value, { depth, budget }));
}

function node(key, value, how) {
  const label = key === null ? [] : [el("span", { className: "w-key" }, typeof key === "number" ? String(key) : JSON.stringify(key)), ": "];
  if (value === null || typeof value !== "object") return el("div", { className: "leaf" }, ...label, scalar(value));
  const members = Array.isArray(value) ? value.map((each, i) => [i, each]) : Object.entries(value);
  if (members.length === 0) return el("div", { className: "leaf" }, ...label, Array.isArray(value) ? "[]" : "{}");
  return branch(key, label, value, members, how);
}

function branch(key, label, value, members, how) {
  const body = el("div", { className: "branch-body", hidden: true });
  const count = t(Array.isArray(value) ? "items" : "fields", { count: members.length });
  const [opener, closer] = Array.isArray(value) ? "[]" : "{}";
  const summary = el("span", { className: "branch-summary" }, ` ${count} ${closer}`);
  const name = key === null ? "" : ` ${key}`;
  const fold = el("button", { type: "button", className: "fold" });
  const set = (open) => {
    if (open && body.childElementCount === 0) addPiece(body, members, 0, how);
    body.hidden = !open;
    summary.hidden = open;
    end.hidden = !open;
    fold.setAttribute("aria-expanded", String(open));
    fold.setAttribute("aria-label", t(open ? "fold" : "unfold") + name);
  };
  const end = el("div", { className: "branch-end" }, closer);
  fold.addEventListener("click", () => set(body.hidden));
  const whole = el("div", { className: "branch" }, fold, ...label, opener, summary, body, end);
  set(how.depth > 0 && !startsFolded(value) && how.budget.left > members.length);
  return whole;
}

function startsFolded(value) {
  return isGeometry(value) || (Array.isArray(value) && value.length > NUMBERS_MAX && value.every((each) => typeof each === "number"));
}

function addPiece(body, members, from, how) {
  const piece = members.slice(from, from + PIECE);
  how.budget.left -= piece.length;
  const inner = { depth: how.depth - 1, budget: how.budget };
  body.append(...piece.map(([key, value]) => node(key, value, inner)));
  const left = members.length - from - piece.length;
  if (left === 0) return;
  const more = button(t("showMore", { count: Math.min(left, PIECE), total: members.length }), () => {
    more.remove();
    addPiece(body, members, from + PIECE, how);
  });
  body.append(more);
}

function scalar(value) {
  const role = value === null || typeof value === "boolean" ? "literal" : typeof value;
  return el("span", { className: `w-${role}` }, JSON.stringify(value));
}
