// What can be switched off as a whole, and which restriction zones are on the map at the moment.

import { byId, el } from "../page/dom.js";
import { t } from "../page/i18n.js";
import { LAYERS } from "./dress.js";
import { ZONES } from "./kinds.js";

export class Layers {
  /** `onChange(off)` is told the layers that are switched off; `labels` knows what kinds are called. */
  constructor(labels, onChange) {
    this.labels = labels;
    this.onChange = onChange;
    this.off = new Set();
    this.kinds = new Set();
  }

  /** Takes the kinds of restriction zones in view. */
  see(kinds) {
    const same = kinds.size === this.kinds.size && [...kinds].every((kind) => this.kinds.has(kind));
    if (same) return;
    this.kinds = kinds;
    this.#writeZones();
  }

  write() {
    byId("layers").replaceChildren(...LAYERS.map((layer) => el("li", {}, this.#entry(layer))));
    this.#writeZones();
  }

  #entry(layer) {
    const box = el("input", { type: "checkbox", checked: !this.off.has(layer), onchange: () => this.#turn(layer, box.checked) });
    return el("label", { className: "key" }, box, el("span", { className: "key-name" }, t(`mapLayer_${layer}`)));
  }

  #turn(layer, wanted) {
    if (wanted) this.off.delete(layer);
    else this.off.add(layer);
    this.onChange(this.off);
  }

  #writeZones() {
    const known = Object.keys(ZONES).filter((kind) => this.kinds.has(kind));
    const others = [...this.kinds].filter((kind) => kind && !(kind in ZONES));
    byId("zones").replaceChildren(...[...known, ...others].map((kind) => zoneEntry(kind, this.labels.of("zones", kind))));
  }
}

function zoneEntry(kind, name) {
  const style = kind in ZONES ? kind : "OTHER";
  return el("li", {}, el("span", { className: `zone-swatch zone-${style} hatch-${ZONES[style].hatch ?? "none"}` }), name);
}
