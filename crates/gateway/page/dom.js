// Small means of making elements. Text is always set as text, never as markup, so nothing an answer holds can run.

import { t } from "./i18n.js";

/** Makes an element; `props` are properties, `on…` listeners, `data-…`/`aria-…`/role attributes; children may be text. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role" || name === "lang") node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** The element with this id; the markup and the code are one piece, so a missing one is a fault. */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/** A button with a text and what it does. */
export function button(text, onclick, props = {}) {
  return el("button", { type: "button", className: "quiet", onclick, ...props }, text);
}

/** Description text with `code` between backticks set as code, and blank lines as paragraphs. */
export function prose(text) {
  const paragraphs = text.trim().split(/\n\s*\n/);
  return paragraphs.map((paragraph) => {
    const pieces = paragraph.split("`").map((piece, i) => (i % 2 === 1 ? el("code", {}, piece) : piece));
    return el("p", { className: "prose" }, ...pieces);
  });
}

/** Copies text; resolves to the message to show. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return t("copied");
  } catch {
    return t("copyCannot");
  }
}
