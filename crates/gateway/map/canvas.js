// The drawn map: the drawing library in its place, told what to show, asked what lies where.
//
// The only file that knows the library, which stands beside the modules as `maplibregl`. Its own controls are not used:
// they write markup, which the page's policy forbids.

import { scaleBar } from "../page/outlines.js";
import { dressed } from "./dress.js";
import { SIDE, hatchPicture } from "./hatch.js";

const WORKER = "vendor/maplibre-gl-csp-worker.js";
const HASH_NAME = "at";
const FIT = { padding: 48, maxZoom: 17.5, duration: 900 };
const NEAR = { padding: 60, maxZoom: 16.8, duration: 900 };
const BAR_MAX = 110;
/** Metres that a pixel covers at zoom 0 on the equator. */
const PIXEL_METRES = 40_075_016.686 / 512;
/** How far from a parcel a finger may land, in pixels. */
const TOUCH_REACH = 3;

/** True where the drawing library has been loaded. */
export function hasLibrary() {
  return globalThis.maplibregl !== undefined;
}

export class Canvas {
  #hovered = null;
  #chosen = null;
  #seq = null;
  #key = "";

  /** A map in `host`. Throws where the browser has no WebGL. `look` as in dress.js; `on` has
   * picked(properties, isByKey), hovered(properties, point), failed(status, error), settled() and moved(). */
  constructor(host, { served, look, key, seq, on }) {
    this.served = served;
    this.#key = key;
    this.#seq = seq;
    globalThis.maplibregl.setWorkerUrl(workerAddress());
    this.map = new globalThis.maplibregl.Map({
      container: host,
      style: dressed(served.style, look),
      ...(served.bounds ? { bounds: served.bounds, fitBoundsOptions: FIT } : {}),
      hash: HASH_NAME,
      attributionControl: false,
      dragRotate: false,
      touchPitch: false,
      maxPitch: 0,
      transformRequest: (url) => this.#request(url),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.#listen(on);
  }

  /** Shows it in another look. */
  wear(look) {
    this.map.setStyle(dressed(this.served.style, look), { diff: true });
  }

  /** Shows what is served to another key. */
  serve(served, key, look) {
    this.served = served;
    this.#key = key;
    this.wear(look);
    this.#reload();
  }

  /** Shows the parcels as of an entry or later. */
  renew(seq) {
    this.#seq = seq;
    this.#reload();
  }

  /** Puts everything into view. */
  showAll() {
    if (this.served.bounds) this.map.fitBounds(this.served.bounds, FIT);
  }

  /** Brings [west, south, east, north] into view, clear of what covers the right side and the foot. */
  showBox(box, { right, bottom }) {
    const padding = { top: NEAR.padding, left: NEAR.padding, right: NEAR.padding + right, bottom: NEAR.padding + bottom };
    this.map.fitBounds(box, { ...NEAR, padding });
  }

  /** Marks a parcel by its id; null for none. */
  choose(id) {
    this.#mark("chosen", this.#chosen, id);
    this.#chosen = id;
  }

  focus() {
    this.map.getCanvas().focus();
  }

  zoomBy(step) {
    this.map.zoomTo(this.map.getZoom() + step, { duration: 250 });
  }

  /** The kinds of restriction zones that are in view. */
  zoneKinds() {
    const found = this.map.queryRenderedFeatures({ layers: this.#layersOf("restrictions") });
    return new Set(found.map((each) => each.properties.kind));
  }

  /** A round length and its bar, as scaleBar says it. */
  scale() {
    const latitude = (this.map.getCenter().lat * Math.PI) / 180;
    return scaleBar(2 ** this.map.getZoom() / (PIXEL_METRES * Math.cos(latitude)), BAR_MAX);
  }

  /** What is asked along with a tile. The entry goes into a header, so that the address stays and unchanged tiles are not sent again. */
  #request(url) {
    const key = this.#key ? { Authorization: `Bearer ${this.#key}` } : {};
    const seq = this.#seq === null ? {} : { "Yulin-Seq": String(this.#seq) };
    return { url, headers: { ...key, ...seq }, credentials: "omit" };
  }

  #reload() {
    for (const id of Object.keys(this.map.getStyle().sources)) this.map.refreshTiles(id);
  }

  #listen(on) {
    const { map } = this;
    map.on("styleimagemissing", ({ id }) => this.#addPicture(id));
    map.on("click", ({ point }) => on.picked(this.#parcelAt(point), false));
    map.on("mousemove", ({ point }) => this.#hover(point, on));
    map.on("mouseout", () => this.#hover(null, on));
    map.on("error", ({ error }) => on.failed(error?.status ?? null, error));
    map.on("idle", () => on.settled());
    map.on("move", () => on.moved());
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") on.picked(this.#parcelAt(map.project(map.getCenter())), true);
    });
  }

  #addPicture(name) {
    const picture = hatchPicture(name);
    if (picture && !this.map.hasImage(name)) this.map.addImage(name, picture, { pixelRatio: SIDE / 12 });
  }

  #hover(point, on) {
    const parcel = point ? this.#parcelAt(point) : null;
    const id = parcel?.id ?? null;
    this.#mark("hovered", this.#hovered, id);
    this.#hovered = id;
    this.map.getCanvas().style.cursor = parcel ? "pointer" : "";
    on.hovered(parcel, point);
  }

  #mark(state, before, after) {
    if (before === after) return;
    const place = (id) => ({ source: this.#parcelSource(), sourceLayer: "parcels", id });
    if (before !== null) this.map.setFeatureState(place(before), { [state]: false });
    if (after !== null) this.map.setFeatureState(place(after), { [state]: true });
  }

  /** The properties of the parcel at a pixel, that which is drawn last; null for none. */
  #parcelAt({ x, y }) {
    const layers = this.#layersOf("parcels", "fill");
    const exact = this.map.queryRenderedFeatures([x, y], { layers });
    const around = [[x - TOUCH_REACH, y - TOUCH_REACH], [x + TOUCH_REACH, y + TOUCH_REACH]];
    const found = exact.length > 0 ? exact : this.map.queryRenderedFeatures(around, { layers });
    return found[0]?.properties ?? null;
  }

  #layersOf(part, type) {
    return this.served.style.layers.filter((layer) => layer["source-layer"] === part && (!type || layer.type === type)).map((layer) => layer.id);
  }

  #parcelSource() {
    return this.served.style.layers.find((layer) => layer["source-layer"] === "parcels").source;
  }
}

/** The address of the library's worker; where the page's policy asks for it, in the type that vouches for addresses. */
function workerAddress() {
  const address = new URL(WORKER, import.meta.url).href;
  const vouch = (asked) => (asked === address ? asked : "");
  const policy = globalThis.trustedTypes?.createPolicy("yulin-map", { createScriptURL: vouch });
  return policy ? policy.createScriptURL(address) : address;
}
