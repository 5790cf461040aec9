// Errors and refusals as cards: where, which code, what it means in the reader's language and in the other.

import { el } from "./dom.js";
import { currentLanguage, t } from "./i18n.js";
import { LISTED_MAX } from "./answers.js";
import { jsonTree } from "./json_tree.js";

/** Cards for errors, then refusals (both as answers.js reads them); `onPlace(place)` is asked for when one is clicked. */
export function errorCards(errors, refusals, onPlace) {
  const all = [...errors.map((each) => card(each, "error", onPlace)), ...refusals.map((each) => card(each, "refusal", onPlace))];
  const left = all.length - LISTED_MAX;
  const more = left > 0 ? [el("p", { className: "notice" }, t("moreListed", { count: left }))] : [];
  return [...all.slice(0, LISTED_MAX), ...more];
}

/** A card that says one thing in the page's own words. */
export function noticeCard(text) {
  return el("div", { className: "card error" }, el("p", { className: "card-message" }, text));
}

function card(item, kind, onPlace) {
  const [first, second] = currentLanguage() === "zh" ? ["zh", "en"] : ["en", "zh"];
  const head = el("div", { className: "card-head" });
  if (kind === "refusal") head.append(el("span", { className: "card-kind" }, t("refusal")));
  if (item.code) head.append(el("code", { className: "card-code" }, item.code));
  if (item.path) head.append(el("span", { className: "card-path" }, `${t("errorAt")} `, el("code", {}, item.path)));
  const parts = [head, el("p", { className: "card-message", lang: first }, item[first])];
  if (item[second] && item[second] !== item[first]) parts.push(el("p", { className: "card-second", lang: second }, item[second]));
  parts.push(...item.places.map((place) => placeLink(place, onPlace)));
  if (Object.keys(item.more).length > 0) parts.push(jsonTree(item.more, 1));
  return el("div", { className: `card ${kind}` }, ...parts);
}

function placeLink(place, onPlace) {
  return el("button", { type: "button", className: "link", onclick: () => onPlace(place) }, t("queryPlace", place));
}
