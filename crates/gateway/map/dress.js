// The registry's style made into that of this page: its colours of light or dark, what is hidden, names, marks.
//
// Pure. The served style says which layers there are and from where; this says how they look here. A layer that the page
// does not know stays as it was served.

import { STATUSES } from "../page/statuses.js";
import { hatchName } from "./hatch.js";
import { LINES, POINTS, ZONES } from "./kinds.js";
import { nameLayers } from "./names.js";
import { withoutHidden } from "./shown.js";

/** What can be switched off as a whole, in the order of drawing; names are not served but written by this page. */
export const LAYERS = ["parcels", "restrictions", "features", "names"];

const marked = (state) => ["boolean", ["feature-state", state], false];
const byZoom = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];

/** The style to show; `look` is { colours, hidden, off }: what mapColours read, statuses hidden, layers switched off. */
export function dressed(served, look) {
  const drawn = inOrder(served.layers).map((layer) => dressedLayer(layer, look));
  const parcels = served.layers.find((layer) => layer["source-layer"] === "parcels");
  const marks = parcels ? markLayers(parcels, look) : [];
  const ground = { id: "ground", type: "background", paint: { "background-color": look.colours.paper } };
  return { ...served, layers: [ground, ...drawn, ...marks, ...nameLayers(served, look)] };
}

/** Areas lie over the parcels they bear on, since here they are hatched; what the page does not know lies beneath. */
function inOrder(layers) {
  const place = (layer) => LAYERS.indexOf(layer["source-layer"]);
  return layers.filter((layer) => layer.type !== "background").sort((a, b) => place(a) - place(b));
}

function dressedLayer(layer, look) {
  const part = layer["source-layer"];
  const paint = PAINTS[`${part} ${layer.type}`]?.(look.colours) ?? layer.paint;
  const visibility = look.off.has(part) ? "none" : "visible";
  const shown = { ...layer, paint, layout: { ...layer.layout, visibility } };
  return part === "parcels" ? { ...shown, filter: withoutHidden(layer.filter, look.hidden) } : shown;
}

/** Outlines of the parcel under the pointer and of the chosen one, as states so that nothing is laid out anew. */
function markLayers(parcels, { colours, off }) {
  const outline = (id, state, colour, width) => ({
    id,
    type: "line",
    source: parcels.source,
    "source-layer": "parcels",
    layout: { "line-join": "round", visibility: off.has("parcels") ? "none" : "visible" },
    paint: { "line-color": colour, "line-width": width, "line-opacity": ["case", marked(state), 1, 0] },
  });
  return [
    outline("mark-hovered", "hovered", colours.ink, 2),
    outline("mark-chosen-halo", "chosen", colours.paper, 6.5),
    outline("mark-chosen", "chosen", colours.chosen, 3.5),
  ];
}

const PAINTS = {
  "parcels fill": (colours) => ({
    "fill-color": ["match", ["get", "stockStatus"], ...STATUSES.flatMap((status) => [status, colours.statuses.get(status)]), colours.none],
    "fill-opacity": byZoom(12, 0.9, 16, 0.78),
  }),
  "parcels line": (colours) => ({
    "line-color": colours.edge,
    "line-width": byZoom(12, 0.2, 14, 0.5, 17, 1.3),
    "line-opacity": byZoom(12, 0.5, 15, 0.8),
  }),
  "restrictions fill": (colours) => ({
    "fill-pattern": byKind(Object.entries(ZONES).map(([kind, { hatch }]) => [kind, hatchName(hatch, colours.zones.get(kind))]), hatchName(ZONES.OTHER.hatch, colours.zones.get("OTHER"))),
    "fill-opacity": byZoom(12, 0.65, 16, 0.45),
  }),
  "restrictions line": (colours) => ({
    "line-color": byKind([...colours.zones], colours.zones.get("OTHER")),
    "line-width": byZoom(12, 1.2, 16, 2.2),
    "line-dasharray": [5, 2.5],
  }),
  "features fill": (colours) => ({ "fill-color": groupColour(colours, ["literal", "other"]), "fill-opacity": 0.5 }),
  "features line": (colours) => ({
    "line-color": groupColour(colours, byKind(Object.entries(LINES).map(([kind, { group }]) => [kind, group]), "other")),
    "line-width": byZoom(12, lineWidth(0), 17, lineWidth(1)),
  }),
  "features circle": (colours) => ({
    "circle-color": groupColour(colours, byKind(Object.entries(POINTS), "other")),
    "circle-radius": byZoom(12, 3.2, 16, 5.5),
    "circle-stroke-color": colours.paper,
    "circle-stroke-width": 1.6,
  }),
};

function byKind(pairs, otherwise) {
  return ["match", ["get", "kind"], ...pairs.flat(), otherwise];
}

function groupColour(colours, group) {
  return ["match", group, ...[...colours.features].flat(), colours.features.get("other")];
}

function lineWidth(place) {
  return byKind(Object.entries(LINES).map(([kind, { widths }]) => [kind, widths[place]]), 1);
}
