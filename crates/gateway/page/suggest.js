// The list of suggestions beside the caret: shown, moved through, taken.
//
// What is suggested comes from the editor's `complete`. The list is the textarea's listbox for screen readers: the focus
// stays in the text, aria-activedescendant names the chosen line.

import { el } from "./dom.js";
import { t } from "./i18n.js";

/** Typing one of these, or a letter, opens the list by itself. */
const OPENING = /^[\w$@]$/;
const PAGE = 8;

export class Suggestions {
  constructor(editor) {
    this.editor = editor;
    this.box = el("div", { className: "suggestions", hidden: true });
    this.list = el("ul", { id: `${editor.area.id}-suggestions`, role: "listbox" });
    this.about = el("div", { className: "suggestion-about" });
    this.box.append(this.list, this.about);
    document.body.append(this.box);
    editor.area.setAttribute("aria-autocomplete", "list");
    editor.area.setAttribute("aria-controls", this.list.id);
    this.found = null;
  }

  /** Opens on what fits at the caret; closes when nothing does. */
  open() {
    const { editor } = this;
    this.found = editor.wishes.complete(editor.text, editor.caret);
    if (!this.found) {
      this.close();
      return;
    }
    this.list.setAttribute("aria-label", t("suggestions"));
    this.list.replaceChildren(...this.found.items.map((item, i) => this.#line(item, i)));
    this.box.hidden = false;
    this.#choose(0);
    this.move();
  }

  /** After a typed character: opens on a letter, follows the word while open. */
  afterTyping(character) {
    if (character === null || character === undefined) {
      if (!this.box.hidden) this.open();
      return;
    }
    if (!OPENING.test(character)) {
      this.close();
      return;
    }
    this.open();
    const only = this.found?.items.length === 1 ? this.found.items[0] : null;
    // A word written out in full needs no suggestion, and Enter should then break the line.
    if (only && this.editor.text.slice(this.found.from, this.editor.caret) === only.label) this.close();
  }

  close() {
    this.found = null;
    this.box.hidden = true;
    this.editor.area.removeAttribute("aria-activedescendant");
  }

  /** Takes a key when the list is open; true when it was meant for the list. */
  key(event) {
    if (this.box.hidden || event.ctrlKey || event.metaKey || event.altKey) return false;
    const last = this.found.items.length - 1;
    const moves = { ArrowDown: this.chosen + 1, ArrowUp: this.chosen - 1, PageDown: this.chosen + PAGE, PageUp: this.chosen - PAGE };
    if (event.key in moves) {
      const wanted = moves[event.key];
      const wraps = event.key === "ArrowUp" && wanted < 0 ? last : event.key === "ArrowDown" && wanted > last ? 0 : wanted;
      this.#choose(Math.min(Math.max(wraps, 0), last));
      return true;
    }
    if (event.key === "Enter" || event.key === "Tab") {
      this.#take(this.chosen);
      return true;
    }
    if (event.key === "Escape") {
      this.close();
      return true;
    }
    return false;
  }

  /** Puts the box beneath the word, or above it where there is no room. */
  move() {
    if (this.box.hidden) return;
    const place = this.editor.placeOf(this.found.from);
    const { offsetWidth, offsetHeight } = this.box;
    const left = Math.min(Math.max(place.left, 4), Math.max(window.innerWidth - offsetWidth - 4, 4));
    const below = place.bottom + offsetHeight + 8 < window.innerHeight;
    this.box.style.left = `${left}px`;
    this.box.style.top = `${below ? place.bottom + 4 : Math.max(place.top - offsetHeight - 4, 4)}px`;
  }

  #line(item, i) {
    const take = (event) => {
      event.preventDefault();
      this.#take(i);
    };
    const detail = item.required ? `${item.detail} · ${t("required")}` : item.detail;
    const className = item.deprecated ? "deprecated" : "";
    return el(
      "li",
      { role: "option", id: `${this.list.id}-${i}`, className, onmousedown: take },
      el("span", { className: "suggestion-label" }, item.label),
      el("span", { className: "suggestion-detail" }, detail),
    );
  }

  #choose(i) {
    this.chosen = i;
    [...this.list.children].forEach((line, at) => line.setAttribute("aria-selected", String(at === i)));
    const line = this.list.children[i];
    line.scrollIntoView({ block: "nearest" });
    this.editor.area.setAttribute("aria-activedescendant", line.id);
    const item = this.found.items[i];
    const about = [item.signature, item.description].filter(Boolean);
    this.about.hidden = about.length === 0;
    this.about.replaceChildren(...about.map((text, at) => el(at === 0 && item.signature ? "code" : "p", {}, text)));
  }

  #take(i) {
    const { from, to, items } = this.found;
    const { text } = this.editor;
    const named = items[i].insert.endsWith(": ");
    // Where the name's colon stands already, only the name is put in.
    const insert = named && /^\s*:/.test(text.slice(to)) ? items[i].label : items[i].insert;
    this.close();
    this.editor.apply({ from, to, insert, caret: from + insert.length, end: from + insert.length });
    this.close();
  }
}
