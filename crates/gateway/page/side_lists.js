// The lists at the side: example questions to run at a click, and the questions asked before.

import { button, byId, el } from "./dom.js";
import { currentLanguage, t } from "./i18n.js";

/** Draws the examples; `onRun(question)` and `onFill(question)` are told of the choice. */
export function drawExamples(examples, { onRun, onFill }) {
  const panel = byId("panel-examples");
  if (examples.length === 0) {
    panel.replaceChildren(el("p", { className: "quiet-text" }, t("examplesNone")));
    return;
  }
  const lines = examples.map((example) => {
    const [title, other] = currentLanguage() === "zh" ? [example.zh, example.en] : [example.en, example.zh];
    const run = button(title, () => onRun(example), { className: "example-run" });
    const second = other === title ? null : el("span", { className: "example-other", lang: currentLanguage() === "zh" ? "en" : "zh" }, other);
    const fill = button(t("edit"), () => onFill(example), { className: "link", "aria-label": `${t("edit")}: ${title}` });
    return el("li", { className: "example" }, run, second, fill);
  });
  panel.replaceChildren(el("p", { className: "quiet-text" }, t("examplesLead")), el("ol", { className: "examples" }, ...lines));
}

/** Draws past questions; `onFill(question)` puts one back, `onForget()` clears them. */
export function drawHistory(past, { onFill, onForget }) {
  const panel = byId("panel-history");
  const note = el("p", { className: "quiet-text" }, past.length > 0 ? t("historyKept") : t("historyNone"));
  const lines = past.map((question) => {
    const when = new Date(question.at).toLocaleString(currentLanguage() === "zh" ? "zh-CN" : "en-GB");
    const facts = [when, Number.isFinite(question.milliseconds) ? `${Math.round(question.milliseconds)} ms` : ""].filter(Boolean);
    const fill = button(titleOf(question.query), () => onFill(question), { className: "past-fill", title: question.query.slice(0, 600) });
    return el("li", { className: "past" }, fill, el("span", { className: "past-facts" }, facts.join(" · ")));
  });
  panel.replaceChildren(note);
  if (past.length === 0) return;
  panel.append(el("ol", { className: "pasts" }, ...lines), button(t("forget"), onForget));
}

/** A question in few words: its name, else its first fields. */
function titleOf(query) {
  const bare = query.replace(/#[^\n]*/g, "").replace(/\s+/g, " ").trim();
  const named = /^(query|mutation|subscription)\s+(\w+)/.exec(bare);
  return named ? `${named[1]} ${named[2]}` : bare.slice(0, 60);
}
