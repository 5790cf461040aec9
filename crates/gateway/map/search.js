// The search: a box whose hits are listed beneath it as one types, by mouse and by keys.

import { byId, el } from "../page/dom.js";
import { t } from "../page/i18n.js";
import { statusDot } from "../page/statuses.js";
import { faultWords } from "./faults.js";

const REST_MS = 220;

export class Search {
  #hits = [];
  #active = -1;
  #timer = 0;
  #running = null;

  /** `find(text, signal)` answers as questions.js does; `onHit(parcel)` is told of the one that was chosen. */
  constructor(find, onHit) {
    this.find = find;
    this.onHit = onHit;
    this.box = byId("search");
    this.list = byId("hits");
    this.box.addEventListener("input", () => this.#later());
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.box.addEventListener("focus", () => this.#open(this.#hits.length > 0));
    this.box.addEventListener("blur", () => this.#open(false));
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), REST_MS);
  }

  async #ask() {
    this.#running?.abort();
    const text = this.box.value.trim();
    if (text === "") return this.#show([], "");
    const control = new AbortController();
    this.#running = control;
    const { data, fault } = await this.find(text, control.signal);
    if (control.signal.aborted) return undefined;
    if (fault) return this.#show([], faultWords(fault));
    const { nodes, totalCount } = data.parcels;
    return this.#show(nodes, toldOf(nodes.length, totalCount));
  }

  #show(hits, told) {
    this.#hits = hits;
    this.list.replaceChildren(...hits.map((hit, place) => this.#entry(hit, place)));
    byId("search-told").textContent = told;
    this.#activate(hits.length > 0 ? 0 : -1);
    this.#open(hits.length > 0 && document.activeElement === this.box);
  }

  #entry(hit, place) {
    // The pointer must not take the focus from the box, or the list would close before it is clicked.
    const props = { role: "option", id: `hit-${place}`, onpointerdown: (event) => event.preventDefault(), onclick: () => this.#choose(place) };
    const dot = statusDot(hit.stockStatus) ?? el("span", { className: "dot status-none" });
    return el("li", props, dot, el("span", { className: "hit-name" }, hit.name ?? hit.location ?? ""), el("span", { className: "hit-code" }, hit.code ?? ""));
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#hits.length > 0) this.#activate((this.#active + step + this.#hits.length) % this.#hits.length);
    else if (event.key === "Enter") this.#choose(this.#active);
    else if (event.key === "Escape") this.#open(false);
    else return;
    event.preventDefault();
  }

  #activate(place) {
    this.#active = place;
    [...this.list.children].forEach((each, i) => each.setAttribute("aria-selected", String(i === place)));
    if (place >= 0) this.box.setAttribute("aria-activedescendant", `hit-${place}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  #open(wanted) {
    this.list.hidden = !wanted;
    this.box.setAttribute("aria-expanded", String(wanted));
  }

  #choose(place) {
    const hit = this.#hits[place];
    if (!hit) return;
    this.#open(false);
    this.onHit(hit);
  }
}

function toldOf(shown, total) {
  if (shown === 0) return t("mapHitsNone");
  return total > shown ? t("mapHitsMore", { count: total, shown }) : "";
}
