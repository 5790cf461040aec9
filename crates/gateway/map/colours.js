// The colours of the map as the style sheets have them now, so that it follows light and dark.

import { readColours } from "../page/map_paint.js";
import { GROUPS, ZONES } from "./kinds.js";

/** Colours of parcels and type as the query page's map has them, and those of areas and features. */
export function mapColours(element) {
  const style = getComputedStyle(element);
  const read = (prefix) => (name) => [name, style.getPropertyValue(`--${prefix}-${name}`).trim()];
  return {
    ...readColours(element),
    edge: style.getPropertyValue("--parcel-edge").trim(),
    soft: style.getPropertyValue("--ink-soft").trim(),
    zones: new Map(Object.keys(ZONES).map(read("zone"))),
    features: new Map(GROUPS.map(read("feature"))),
  };
}
