// The page's language: which one, a text by its key, and putting texts onto the markup.
//
// Elements name their text by data-t (content), data-t-label, data-t-title and data-t-placeholder, so that the markup
// holds no words of its own.

import { TEXTS } from "./texts.js";

const ATTRIBUTES = [
  ["data-t-label", "aria-label"],
  ["data-t-title", "title"],
  ["data-t-placeholder", "placeholder"],
];

let language = "en";
const listeners = [];

/** `zh` or `en`. */
export function currentLanguage() {
  return language;
}

/** The text of a key in the page's language, its `{names}` filled in; an unknown key is shown as it is. */
export function t(key, values = {}) {
  const pair = TEXTS[key];
  if (!pair) return key;
  const text = language === "zh" ? pair[0] : pair[1];
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** True when the page has a text of its own for the key. */
export function hasText(key) {
  return Object.hasOwn(TEXTS, key);
}

/** The language for a visitor who has not chosen: that of the browser when it is Chinese, else English. */
export function preferredLanguage(languages) {
  return languages.some((each) => each.toLowerCase().startsWith("zh")) ? "zh" : "en";
}

/** Calls `listener` after each change of language. */
export function onLanguage(listener) {
  listeners.push(listener);
}

/** Changes the language and every text on the page. */
export function speak(next) {
  language = next;
  document.documentElement.lang = next === "zh" ? "zh-Hans" : "en";
  document.title = t("pageTitle");
  write(document);
  listeners.forEach((listener) => listener());
}

/** Puts the texts onto the elements beneath `root`. */
function write(root) {
  root.querySelectorAll("[data-t]").forEach((each) => {
    each.textContent = t(each.dataset.t);
  });
  for (const [name, attribute] of ATTRIBUTES) {
    root.querySelectorAll(`[${name}]`).forEach((each) => each.setAttribute(attribute, t(each.getAttribute(name))));
  }
}
