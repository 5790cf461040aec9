// How the served style is dressed: colours, order, what is hidden, hatches.

import assert from "node:assert/strict";
import { test } from "node:test";
import { STATUSES } from "../../page/statuses.js";
import { dressed } from "../dress.js";
import { SIDE, hatchName, hatchPicture } from "../hatch.js";
import { GROUPS, ZONES } from "../kinds.js";
import { fontStack } from "../names.js";
import { withoutHidden } from "../shown.js";

const colours = {
  statuses: new Map(STATUSES.map((status, i) => [status, `#00000${i}`])),
  zones: new Map(Object.keys(ZONES).map((kind, i) => [kind, `#0000${10 + i}`])),
  features: new Map(GROUPS.map((group, i) => [group, `#0001${10 + i}`])),
  none: "#888888",
  edge: "#444444",
  ink: "#111111",
  soft: "#555555",
  paper: "#fffff0",
  chosen: "#1d504a",
  font: '"A B", C',
};
const layer = (part, type) => ({ id: `${part}-${type}`, type, source: part, "source-layer": part, paint: { served: 1 } });
const served = {
  version: 8,
  sources: {},
  layers: [
    { id: "background", type: "background", paint: {} },
    layer("restrictions", "fill"),
    layer("parcels", "fill"),
    layer("features", "line"),
    layer("soundings", "circle"),
  ],
};
const look = (change = {}) => ({ colours, hidden: new Set(), off: new Set(), ...change });
const byId = (style, id) => style.layers.find((each) => each.id === id);

test("each status is filled with its own colour and the rest with that of none", () => {
  const [, read, ...pairs] = byId(dressed(served, look()), "parcels-fill").paint["fill-color"];
  assert.deepEqual(read, ["get", "stockStatus"]);
  assert.equal(pairs.pop(), colours.none);
  assert.deepEqual(pairs, [...colours.statuses].flat());
});

test("areas lie over parcels, features over both, names over all, and the unknown beneath", () => {
  const order = dressed(served, look()).layers.map((each) => each.id);
  const places = ["ground", "soundings-circle", "parcels-fill", "restrictions-fill", "features-line", "mark-hovered", "names-points"].map((id) => order.indexOf(id));
  assert.ok(places.every((place, i) => place >= 0 && (i === 0 || place > places[i - 1])), order.join(" "));
});

test("a layer that the page does not know keeps its paint, and what was served is left as it was", () => {
  const before = structuredClone(served);
  assert.deepEqual(byId(dressed(served, look()), "soundings-circle").paint, { served: 1 });
  assert.deepEqual(served, before);
});

test("a layer that is switched off is invisible with its names and marks, the others are not", () => {
  const style = dressed(served, look({ off: new Set(["parcels"]) }));
  const hidden = style.layers.filter((each) => each.layout?.visibility === "none").map((each) => each.id);
  assert.deepEqual(hidden, ["parcels-fill", "mark-hovered", "mark-chosen-halo", "mark-chosen", "names-parcels"]);
});

test("hidden statuses are left out of the parcels and of their numbers, beside what the layer filters itself", () => {
  const style = dressed(served, look({ hidden: new Set(["IDLE", null]) }));
  for (const id of ["parcels-fill", "names-parcels"]) assert.match(JSON.stringify(byId(style, id).filter), /\["literal",\["IDLE",""\]\]/);
  assert.equal(withoutHidden(["has", "code"], new Set())[0], "all");
});

test("a registry without parcels has a style all the same", () => {
  const style = dressed({ ...served, layers: [layer("features", "line")] }, look());
  assert.deepEqual(style.layers.map((each) => each.id), ["ground", "features-line", "names-lines", "names-points"]);
});

test("a hatch repeats without a seam: its cover depends on the place within the pattern alone", () => {
  const alpha = ({ data }, x, y) => data[4 * ((y % SIDE) * SIDE + (x % SIDE)) + 3];
  const [rising, falling] = ["rising", "falling"].map((slope) => hatchPicture(hatchName(slope, "#102030")));
  for (let i = 0; i < SIDE; i++) {
    for (let j = 0; j < SIDE; j++) {
      assert.equal(alpha(rising, i, j), alpha(rising, i + 1, j + SIDE - 1));
      assert.equal(alpha(falling, i, j), alpha(falling, i + 1, j + 1));
    }
  }
});

test("a hatch has ink of its colour and ground; an outline's is empty; other names are none", () => {
  for (const slope of ["rising", "falling", "level", "crossed"]) {
    const { data } = hatchPicture(hatchName(slope, "#102030"));
    const alphas = Array.from({ length: SIDE * SIDE }, (_, i) => data[4 * i + 3]);
    assert.ok(Math.max(...alphas) === 255 && Math.min(...alphas) === 0, slope);
    assert.deepEqual([...data.slice(0, 3)], [16, 32, 48]);
  }
  assert.ok(hatchPicture(hatchName(null, "#102030")).data.every((each) => each === 0));
  assert.equal(hatchPicture("marker"), null);
});

test("families of the style sheet become a stack of fonts", () => {
  assert.deepEqual(fontStack('"Noto Sans CJK SC", system-ui ,sans-serif'), ["Noto Sans CJK SC", "system-ui", "sans-serif"]);
});
