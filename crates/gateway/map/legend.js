// The legend: the stock statuses with how many parcels and how much land each has; a press hides or shows one.

import { byId, el } from "../page/dom.js";
import { t } from "../page/i18n.js";
import { STATUSES, statusClass, statusName } from "../page/statuses.js";
import { shortMu } from "./amounts.js";

const IN_USE = "IN_USE";

export class Legend {
  /** `onChange(hidden)` is told the statuses that are hidden. */
  constructor(onChange) {
    this.onChange = onChange;
    this.hidden = new Set();
    this.counts = new Map();
    byId("all-shown").addEventListener("click", () => this.#hide([]));
    byId("stock-shown").addEventListener("click", () => this.#hide([IN_USE, null]));
  }

  /** Takes what the registry counts: [{ key, count, area: { mu } }]. */
  take(facets) {
    this.counts = new Map(facets.map((facet) => [facet.key, facet]));
    this.write();
  }

  write() {
    byId("legend").replaceChildren(...this.#statuses().map((status) => el("li", {}, this.#entry(status))));
  }

  /** Those of the legend, then those that only the registry knows. */
  #statuses() {
    return [...STATUSES, ...[...this.counts.keys()].filter((status) => !STATUSES.includes(status))];
  }

  #entry(status) {
    const { count = 0, area } = this.counts.get(status) ?? {};
    return el(
      "button",
      { type: "button", className: "key", "aria-pressed": String(!this.hidden.has(status)), onclick: () => this.#turn(status) },
      el("span", { className: `dot ${statusClass(status)}` }),
      el("span", { className: "key-name" }, statusName(status)),
      el("span", { className: "key-count" }, String(count)),
      el("span", { className: "key-area" }, area ? muText(area.mu) : ""),
    );
  }

  #turn(status) {
    const next = new Set(this.hidden);
    if (!next.delete(status)) next.add(status);
    this.#hide(next);
    const place = this.#statuses().indexOf(status);
    byId("legend").querySelectorAll("button")[place]?.focus();
  }

  #hide(statuses) {
    this.hidden = new Set(statuses);
    this.write();
    this.onChange(this.hidden);
  }
}

function muText(mu) {
  const { count, wan } = shortMu(mu);
  return t(wan ? "mapMuWan" : "mapMu", { count });
}
