// Names on the map: of features, of restriction zones and, close by, the numbers of parcels. Drawn with fonts of the reader's machine.
//
// Areas that are only outlined carry none: their names would stand among parcels that they merely surround. The style
// names no address of glyphs, and the library then draws letters itself; so nothing is fetched for them.

import { ZONES } from "./kinds.js";
import { withoutHidden } from "./shown.js";

/** Length of a parcel's code, and where in it the kind of right and the running number begin. */
const CODE_LENGTH = 19;
const NUMBER_START = 12;
const ofShape = (shape) => ["==", ["geometry-type"], shape];
const isHatched = ["in", ["get", "kind"], ["literal", Object.keys(ZONES).filter((kind) => ZONES[kind].hatch !== null)]];

/** What carries names: its part, the zoom from which there is room, and how they lie. The last wins where two collide. */
const NAMED = [
  { id: "parcels", part: "parcels", minzoom: 15.8, text: parcelNumber(), layout: { "text-size": 11 } },
  { id: "areas", part: "restrictions", minzoom: 13, filter: isHatched, faint: true, layout: { "text-size": 11, "text-letter-spacing": 0.1, "text-padding": 60 } },
  { id: "lines", part: "features", filter: ofShape("LineString"), minzoom: 13, layout: { "text-size": 11, "symbol-placement": "line", "symbol-spacing": 420, "text-letter-spacing": 0.15 } },
  { id: "points", part: "features", filter: ofShape("Point"), minzoom: 13.7, layout: { "text-size": 12, "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 0.7 } },
];

/** Layers of names, to lie over all others; `look` as in dress.js. */
export function nameLayers(served, look) {
  const models = new Map(served.layers.map((layer) => [layer["source-layer"], layer]));
  return NAMED.filter(({ part }) => models.has(part)).map((named) => nameLayer(named, models.get(named.part).source, look));
}

function nameLayer({ id, part, filter, minzoom, faint, text = name(), layout }, source, { colours, off, hidden }) {
  const visibility = off.has("names") || off.has(part) ? "none" : "visible";
  const shown = part === "parcels" ? withoutHidden(filter, hidden) : filter;
  const words = { "text-field": text, "text-font": fontStack(colours.font) };
  return {
    id: `names-${id}`,
    type: "symbol",
    source,
    "source-layer": part,
    minzoom,
    ...(shown ? { filter: shown } : {}),
    layout: { ...words, ...layout, visibility },
    paint: { "text-color": faint ? colours.soft : colours.ink, "text-halo-color": colours.paper, "text-halo-width": 1.3 },
  };
}

function name() {
  return swapped(swapped(["coalesce", ["get", "name"], ""], "（", "("), "）", ")");
}

/** The last part of a parcel's code, as maps of the cadastre write it; a shorter number, of a planned lot, as it is. */
function parcelNumber() {
  const code = ["coalesce", ["get", "code"], ""];
  return ["case", ["==", ["length", code], CODE_LENGTH], ["slice", code, NUMBER_START], code];
}

/** A text with the first `from` in it as `to`. Used of wide brackets, whose ink the library's own letters lose. */
function swapped(text, from, to) {
  // Names of variables within the expression; each call has its own, since calls are nested.
  const [whole, place] = [`whole${from.codePointAt(0)}`, `place${from.codePointAt(0)}`];
  const after = ["concat", ["slice", ["var", whole], 0, ["var", place]], to, ["slice", ["var", whole], ["+", ["var", place], 1]]];
  return ["let", whole, text, ["let", place, ["index-of", from, ["var", whole]], ["case", ["<", ["var", place], 0], ["var", whole], after]]];
}

/** A CSS list of families as the library takes it. */
export function fontStack(families) {
  return families.split(",").map((family) => family.trim().replaceAll('"', "")).filter(Boolean);
}
