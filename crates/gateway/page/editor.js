// A text editor: a textarea that keeps all the browser's own abilities, over a layer that shows the colours.
//
// It knows no language: colours come from `spans`, suggestions from `complete`. The textarea's text is transparent and
// both layers are set alike and never wrap, so that every letter lies on its coloured twin.

import { el } from "./dom.js";
import { HIGHLIGHT_MAX } from "./highlight.js";
import { Suggestions } from "./suggest.js";
import { backspace, breakLine, indent, outdent, toggleComment, typeCharacter } from "./typing.js";

/**
 * An editor in `host`. `wishes`: id, labelKey, spans(text, caret), and optionally complete(text, caret),
 * onChange(text), onCaret(caret), onRun(), onLookUp(caret), commentable.
 */
export class Editor {
  constructor(host, wishes) {
    this.wishes = wishes;
    this.gutter = el("div", { className: "gutter", "aria-hidden": "true" });
    this.layer = el("pre", { className: "layer", "aria-hidden": "true" });
    this.area = el("textarea", {
      id: wishes.id,
      className: "area",
      spellcheck: false,
      autocapitalize: "off",
      autocomplete: "off",
      wrap: "off",
      "data-t-label": wishes.labelKey,
    });
    this.field = el("div", { className: "editor-field" }, this.layer, this.area);
    this.marked = new Set();
    this.leaving = false;
    host.append(el("div", { className: "editor" }, this.gutter, this.field));
    this.suggestions = wishes.complete ? new Suggestions(this) : null;
    this.#listen();
    this.paint();
  }

  get text() {
    return this.area.value;
  }

  get caret() {
    return this.area.selectionStart;
  }

  /** Replaces the whole text; undo goes back over it when the editor is in use. */
  set text(text) {
    if (text === this.area.value) return;
    this.area.value = text;
    this.#changed();
  }

  focus(caret) {
    this.area.focus();
    if (caret !== undefined) this.area.setSelectionRange(caret, caret);
    this.#caretMoved();
  }

  /** Replaces everything as one edit that undo takes back. */
  rewrite(text) {
    const caret = Math.min(this.caret, text.length);
    this.apply({ from: 0, to: this.text.length, insert: text, caret, end: caret });
  }

  /** Carries out an edit (see typing.js). */
  apply(edit) {
    const { area } = this;
    area.focus();
    area.setSelectionRange(edit.from, edit.to);
    const same = edit.insert === area.value.slice(edit.from, edit.to);
    if (!same && !this.#typed(edit.insert)) {
      area.setRangeText(edit.insert, edit.from, edit.to, "end");
      this.#changed();
    }
    area.setSelectionRange(edit.caret, edit.end);
    this.#caretMoved();
  }

  /** Lets the browser type the text, which is the only edit its undo remembers; false where it will not. */
  #typed(insert) {
    if (insert === "") return document.execCommand("delete");
    return document.execCommand("insertText", false, insert);
  }

  /** Marks lines (counted from 1) in the gutter, as those that an error names. */
  markLines(lines) {
    this.marked = new Set(lines);
    this.#paintGutter();
  }

  /** The place of a character on the screen, for what is shown beside it. */
  placeOf(offset) {
    const range = document.createRange();
    const walker = document.createTreeWalker(this.layer, NodeFilter.SHOW_TEXT);
    let left = offset;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (left <= node.length) {
        range.setStart(node, left);
        range.setEnd(node, Math.min(left + 1, node.length));
        return range.getBoundingClientRect();
      }
      left -= node.length;
    }
    return this.layer.getBoundingClientRect();
  }

  #listen() {
    const { area } = this;
    area.addEventListener("input", (event) => {
      this.#changed();
      if (event.inputType === "insertText" || event.inputType === "deleteContentBackward") this.suggestions?.afterTyping(event.data);
      else this.suggestions?.close();
    });
    area.addEventListener("scroll", () => this.#scrolled());
    area.addEventListener("keydown", (event) => this.#key(event));
    area.addEventListener("click", (event) => {
      this.suggestions?.close();
      if ((event.ctrlKey || event.metaKey) && this.wishes.onLookUp) this.wishes.onLookUp(this.caret);
    });
    area.addEventListener("blur", () => {
      this.leaving = false;
      this.suggestions?.close();
    });
    document.addEventListener("selectionchange", () => {
      if (document.activeElement === area) this.#caretMoved();
    });
  }

  #key(event) {
    if (event.isComposing) return;
    if (this.suggestions?.key(event)) {
      event.preventDefault();
      return;
    }
    const edit = this.#edit(event);
    if (edit === "done") event.preventDefault();
    else if (edit) {
      event.preventDefault();
      this.apply(edit);
    }
  }

  /** The edit a key asks for, "done" when the key was answered otherwise, null when it is the browser's. */
  #edit(event) {
    const { selectionStart: from, selectionEnd: to } = this.area;
    const command = event.ctrlKey || event.metaKey;
    const wasLeaving = this.leaving;
    if (event.key !== "Shift") this.leaving = event.key === "Escape";
    if (command && event.key === "Enter") return this.#told(this.wishes.onRun);
    if (event.ctrlKey && event.key === " ") return this.#told(() => this.suggestions?.open());
    if (command && event.key === "/" && this.wishes.commentable) return toggleComment(this.text, from, to);
    if (command || event.altKey) return null;
    if (event.key === "Tab") {
      if (wasLeaving) return null;
      return event.shiftKey ? outdent(this.text, from, to) : indent(this.text, from, to);
    }
    if (event.key === "Enter") return breakLine(this.text, from, to);
    if (event.key === "Backspace") return backspace(this.text, from, to);
    return event.key.length === 1 ? typeCharacter(this.text, from, to, event.key) : null;
  }

  #told(listener) {
    listener?.();
    return "done";
  }

  #changed() {
    this.marked = new Set();
    this.paint();
    this.wishes.onChange?.(this.text);
  }

  #caretMoved() {
    if (this.caret === this.lastCaret && this.text === this.lastText) return;
    this.paint();
    this.wishes.onCaret?.(this.caret);
  }

  /** Draws the coloured layer anew. */
  paint() {
    const { text } = this;
    this.lastCaret = this.caret;
    this.lastText = text;
    const spans = text.length > HIGHLIGHT_MAX ? [] : this.wishes.spans(text, this.caret);
    const pieces = [];
    let at = 0;
    for (const span of spans) {
      if (span.from > at) pieces.push(document.createTextNode(text.slice(at, span.from)));
      const marks = `${span.unknown ? " unknown" : ""}${span.paired ? " paired" : ""}`;
      pieces.push(el("span", { className: `w-${span.role}${marks}` }, text.slice(span.from, span.to)));
      at = span.to;
    }
    // The last line needs a character of its own, or the layer would be a line shorter than the textarea.
    pieces.push(document.createTextNode(`${text.slice(at)}\n `));
    this.layer.replaceChildren(...pieces);
    this.#paintGutter();
    this.#scrolled();
  }

  #paintGutter() {
    const pieces = [];
    for (const [i] of this.text.split("\n").entries()) {
      const number = String(i + 1);
      pieces.push(this.marked.has(i + 1) ? el("span", { className: "line-error" }, number) : number, "\n");
    }
    const lines = el("div", { className: "gutter-lines" }, ...pieces);
    lines.normalize(); // one text for all the numbers: a long text would else cost a node a line
    this.gutter.replaceChildren(lines);
  }

  #scrolled() {
    const { scrollLeft, scrollTop } = this.area;
    this.layer.style.transform = `translate(${-scrollLeft}px, ${-scrollTop}px)`;
    const lines = this.gutter.firstElementChild;
    if (lines) lines.style.transform = `translateY(${-scrollTop}px)`;
    this.suggestions?.move();
  }
}
