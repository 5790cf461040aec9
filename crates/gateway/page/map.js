// The map beside the table: where the parcels of an answer lie. Its own, plain, with no ground map from elsewhere.
//
// Keeps the view (middle and scale) and answers pointer and keys; map_paint.js draws. The map shows what the answer
// holds; it asks the registry nothing, except that a drawn box is handed to `onArea`.

import { button, el } from "./dom.js";
import { t } from "./i18n.js";
import { laidShape, paintMap, readColours } from "./map_paint.js";
import { boundsOf, boxPolygon, contains, findAsked, findOutlines, planeFor } from "./outlines.js";
import { cell, cellText, columnsOf } from "./rows.js";
import { STATUSES, statusClass, statusName, statusOf } from "./statuses.js";

const SCALE_MIN = 1e-6;
const SCALE_MAX = 500;
const ZOOM_STEP = 1.4;
const PAN_STEP = 60;
const POINT_REACH = 8;
/** A drag shorter than this is a click. */
const CLICK_REACH = 4;
/** Share of the map's height that the card of a chosen parcel may cover, as in parts.css. */
const CARD_SHARE = 0.42;
/** Lines of the card of a chosen parcel. */
const CARD_LINES_MAX = 14;

/** A map in `host`; `onPick(object)` is told of a chosen parcel, `onArea(polygon)` of a drawn box; `stamp` keys a label
 * that is drawn into the map itself, so that a picture of it carries the label too. */
export class MapView {
  constructor(host, { onPick, onArea, stamp }) {
    this.stamp = stamp;
    this.onPick = onPick;
    this.onArea = onArea;
    this.scene = { parcels: [], asked: [], hidden: new Set(), hovered: null, chosen: null, box: null };
    this.view = { x: 0, y: 0, scale: 1, width: 0, height: 0 };
    this.found = { parcels: [], left: 0, unreadable: 0 };
    this.pointers = new Map();
    this.#build(host);
    this.#listen();
  }

  /** Shows the outlines of an answer and the areas that were asked about; answers whether there are outlines. */
  show(data, variables) {
    this.found = findOutlines(data);
    const asked = findAsked(variables);
    const bounds = boundsOf([...this.found.parcels, ...(this.found.parcels.length > 0 ? [] : asked)]);
    this.plane = bounds ? planeFor(bounds) : null;
    const laid = (shapes) => (this.plane ? shapes.map((shape) => laidShape(shape, this.plane)) : []);
    this.scene = { parcels: laid(this.found.parcels), asked: laid(asked), hidden: new Set(), hovered: null, chosen: null, box: null };
    this.#drawing(false);
    this.card.hidden = true;
    this.fitted = false;
    this.wanted = null;
    this.write();
    this.fit();
    return this.found.parcels.length > 0;
  }

  /** Marks the parcel of this object and brings it into view. */
  select(object) {
    const parcel = this.scene.parcels.find((each) => each.object === object) ?? null;
    this.scene.chosen = parcel;
    this.#showCard(parcel);
    this.wanted = parcel;
    if (this.view.height > 0) this.#bringWanted();
    this.paint();
  }

  /** Moves the wanted parcel into the lower part of the map, which its card leaves free. */
  #bringWanted() {
    if (!this.wanted) return;
    const { box } = this.wanted;
    this.view.x = (box.minX + box.maxX) / 2;
    this.view.y = (box.minY + box.maxY) / 2 + (this.view.height * CARD_SHARE) / 2 / this.view.scale;
    this.wanted = null;
  }

  /** Puts all parcels into view. */
  fit() {
    this.#measure();
    const box = boundsOf(this.scene.parcels);
    if (box && this.view.width > 0) {
      const room = Math.min(this.view.width / Math.max(box.maxX - box.minX, 1), this.view.height / Math.max(box.maxY - box.minY, 1));
      this.view.x = (box.minX + box.maxX) / 2;
      this.view.y = (box.minY + box.maxY) / 2;
      this.view.scale = clampScale(room * 0.9);
      this.fitted = true;
    }
    this.paint();
  }

  paint() {
    if (this.view.width === 0 || !this.plane) return;
    this.colours ??= readColours(this.canvas);
    const stamp = this.stamp ? t(this.stamp) : "";
    paintMap(this.canvas.getContext("2d"), { ...this.scene, stamp }, this.view, this.colours);
  }

  /** Writes the words anew, as after a change of language. */
  write() {
    const { parcels, left, unreadable } = this.found;
    const counts = [t("mapCount", { count: parcels.length })];
    if (left > 0) counts.push(t("mapLeft", { count: left }));
    if (unreadable > 0) counts.push(t("mapUnreadable", { count: unreadable }));
    this.count.textContent = counts.join(" · ");
    this.canvas.setAttribute("aria-label", t("mapLabel"));
    this.#writeTools();
    this.#writeLegend();
    this.#showCard(this.scene.chosen);
    this.paint();
  }

  #build(host) {
    this.canvas = el("canvas", { tabIndex: 0, role: "application" });
    this.tip = el("div", { className: "map-tip", hidden: true });
    this.card = el("div", { className: "map-card", hidden: true });
    this.legend = el("div", { className: "legend" });
    this.count = el("output", { className: "quiet-text" });
    this.tools = el("div", { className: "map-tools" });
    this.frame = el("div", { className: "map-frame" }, this.canvas, this.tip, this.card);
    host.append(this.tools, this.frame, this.legend);
  }

  #writeTools() {
    const pressed = String(this.boxing ?? false);
    this.areaButton = button(t("askArea"), () => this.#drawing(!this.boxing), { title: t("askAreaHint"), "aria-pressed": pressed });
    this.areaButton.disabled = !this.plane?.degrees;
    const zoom = (sign, factor, key) => button(sign, () => this.#zoom(factor), { "aria-label": t(key), title: t(key) });
    this.tools.replaceChildren(
      this.count,
      el("span", { className: "gap" }),
      this.areaButton,
      zoom("+", ZOOM_STEP, "zoomIn"),
      zoom("−", 1 / ZOOM_STEP, "zoomOut"),
      button(t("fit"), () => this.fit()),
    );
  }

  /** One button a status that occurs: pressed while its parcels are drawn. */
  #writeLegend() {
    const counts = new Map();
    for (const { object } of this.scene.parcels) counts.set(statusOf(object), (counts.get(statusOf(object)) ?? 0) + 1);
    const known = STATUSES.filter((status) => counts.has(status));
    const others = [...counts.keys()].filter((status) => !STATUSES.includes(status));
    const asked = this.scene.asked.length > 0 ? [el("span", { className: "legend-asked" }, t("asked"))] : [];
    const entries = [...known, ...others].map((status) => this.#legendEntry(status, counts.get(status)));
    this.legend.setAttribute("aria-label", t("legend"));
    this.legend.setAttribute("role", "group");
    this.legend.replaceChildren(...entries, ...asked);
  }

  #legendEntry(status, count) {
    const { hidden } = this.scene;
    const turn = () => {
      if (!hidden.delete(status)) hidden.add(status);
      entry.setAttribute("aria-pressed", String(!hidden.has(status)));
      this.paint();
    };
    const dot = el("span", { className: `dot ${statusClass(status)}` });
    const entry = el("button", { type: "button", className: "legend-entry", onclick: turn, "aria-pressed": String(!hidden.has(status)) }, dot, `${statusName(status)} ${count}`);
    return entry;
  }

  #showCard(parcel) {
    this.card.hidden = !parcel;
    if (!parcel) return;
    const { object } = parcel;
    const shut = () => {
      this.scene.chosen = null;
      this.card.hidden = true;
      this.paint();
      this.canvas.focus();
    };
    const lines = columnsOf([object]).filter((path) => path !== "footprint" && cellText(cell(object, path)) !== "");
    const pairs = lines.slice(0, CARD_LINES_MAX).map((path) => [el("dt", {}, path), el("dd", {}, cellText(cell(object, path)))]);
    const shutter = button("×", shut, { "aria-label": t("close"), className: "quiet map-card-close" });
    this.card.replaceChildren(shutter, el("dl", {}, ...pairs.flat()));
  }

  #listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => this.#pointerDown(event));
    canvas.addEventListener("pointermove", (event) => this.#pointerMove(event));
    canvas.addEventListener("pointerup", (event) => this.#pointerUp(event));
    canvas.addEventListener("pointercancel", (event) => this.pointers.delete(event.pointerId));
    canvas.addEventListener("pointerleave", () => this.#hover(null, null));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.#zoom(Math.exp(-Math.max(Math.min(event.deltaY, 200), -200) / 300), [event.offsetX, event.offsetY]);
    }, { passive: false });
    new ResizeObserver(() => this.#resized()).observe(this.frame);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.colours = null;
      this.paint();
    });
  }

  /** Also called when the map is shown or hidden; a map filled while it was hidden is fitted when it is first seen. */
  #resized() {
    this.#measure();
    if (this.view.height === 0) return;
    if (!this.fitted) this.fit();
    this.#bringWanted();
    this.paint();
  }

  #measure() {
    const { clientWidth, clientHeight } = this.frame;
    const ratio = window.devicePixelRatio || 1;
    this.view.width = clientWidth;
    this.view.height = clientHeight;
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
  }

  #key(event) {
    const { view } = this;
    const pan = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (pan) {
      view.x += (pan[0] * PAN_STEP) / view.scale;
      view.y += (pan[1] * PAN_STEP) / view.scale;
    } else if (event.key === "+" || event.key === "=") this.#zoom(ZOOM_STEP);
    else if (event.key === "-") this.#zoom(1 / ZOOM_STEP);
    else if (event.key === "0") this.fit();
    else if (event.key === "Escape") this.#drawing(false);
    else return;
    event.preventDefault();
    this.paint();
  }

  /** Scales by a factor around a pixel, by default the middle. */
  #zoom(factor, pixel) {
    const { view } = this;
    const at = pixel ?? [view.width / 2, view.height / 2];
    const before = this.#planeAt(at);
    view.scale = clampScale(view.scale * factor);
    const after = this.#planeAt(at);
    view.x += before[0] - after[0];
    view.y += before[1] - after[1];
    this.paint();
  }

  #planeAt([px, py]) {
    const { view } = this;
    return [view.x + (px - view.width / 2) / view.scale, view.y - (py - view.height / 2) / view.scale];
  }

  #drawing(wanted) {
    this.boxing = wanted;
    this.scene.box = null;
    this.areaButton?.setAttribute("aria-pressed", String(wanted));
    this.canvas.classList.toggle("boxing", wanted);
  }

  #pointerDown(event) {
    this.canvas.setPointerCapture(event.pointerId);
    const at = [event.offsetX, event.offsetY];
    this.pointers.set(event.pointerId, { at, begun: at });
    if (this.boxing) this.scene.box = { from: at, to: at };
  }

  #pointerMove(event) {
    const at = [event.offsetX, event.offsetY];
    const pointer = this.pointers.get(event.pointerId);
    if (!pointer) {
      this.#hover(this.#hit(at), at);
      return;
    }
    if (this.boxing && this.scene.box) this.scene.box.to = at;
    else if (this.pointers.size === 2) this.#pinch(event.pointerId, at);
    else this.#drag(pointer.at, at);
    pointer.at = at;
    this.paint();
  }

  #drag(before, after) {
    this.view.x -= (after[0] - before[0]) / this.view.scale;
    this.view.y += (after[1] - before[1]) / this.view.scale;
    this.#hover(null, null);
  }

  #pinch(moved, at) {
    const [a, b] = [...this.pointers.entries()].map(([id, pointer]) => ({ before: pointer.at, after: id === moved ? at : pointer.at }));
    const middle = (p, q) => [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2];
    this.#drag(middle(a.before, b.before), middle(a.after, b.after));
    const factor = distance(a.after, b.after) / Math.max(distance(a.before, b.before), 1);
    this.#zoom(factor, middle(a.after, b.after));
  }

  #pointerUp(event) {
    const pointer = this.pointers.get(event.pointerId);
    this.pointers.delete(event.pointerId);
    if (!pointer) return;
    const at = [event.offsetX, event.offsetY];
    const clicked = distance(pointer.begun, at) < CLICK_REACH;
    if (this.boxing && this.scene.box) this.#boxDrawn(clicked);
    else if (clicked) this.#pick(this.#hit(at));
  }

  #boxDrawn(clicked) {
    const { from, to } = this.scene.box;
    this.#drawing(false);
    this.paint();
    if (!clicked) this.onArea(boxPolygon(this.plane, this.#planeAt(from), this.#planeAt(to)));
  }

  #pick(parcel) {
    this.scene.chosen = parcel;
    this.#showCard(parcel);
    this.paint();
    if (parcel) this.onPick(parcel.object);
  }

  /** The parcel under a pixel, the one drawn last first. */
  #hit(pixel) {
    if (!this.plane) return null;
    const at = this.#planeAt(pixel);
    const reach = POINT_REACH / this.view.scale;
    const near = ({ box }) => at[0] >= box.minX - reach && at[0] <= box.maxX + reach && at[1] >= box.minY - reach && at[1] <= box.maxY + reach;
    const under = (parcel) => contains(parcel.rings, at) || parcel.points.some((point) => distance(point, at) <= reach);
    const shown = (parcel) => !this.scene.hidden.has(statusOf(parcel.object));
    return this.scene.parcels.findLast((parcel) => near(parcel) && shown(parcel) && under(parcel)) ?? null;
  }

  #hover(parcel, at) {
    this.tip.hidden = !parcel;
    if (parcel) {
      const { object } = parcel;
      const lines = [object.name, object.code, statusOf(object) === null ? null : statusName(statusOf(object))].filter(Boolean);
      this.tip.replaceChildren(...lines.map((line) => el("div", {}, cellText(line))));
      const left = Math.min(at[0] + 14, this.view.width - this.tip.offsetWidth - 4);
      this.tip.style.left = `${Math.max(left, 4)}px`;
      this.tip.style.top = `${Math.max(at[1] - this.tip.offsetHeight - 8, 4)}px`;
    }
    if (parcel === this.scene.hovered) return;
    this.scene.hovered = parcel;
    this.paint();
  }
}

function clampScale(scale) {
  return Math.min(Math.max(scale, SCALE_MIN), SCALE_MAX);
}

function distance(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
