// Hatched fills as small square pictures that repeat without a seam. Made here, so that no sprite is fetched.
//
// A picture's name carries what it shows, `hatch rising #2f7d4f`, so whoever meets the name can draw it.

/** Side of a picture in pixels; shown at half that, so that lines stay fine on dense screens. */
export const SIDE = 24;
const LINE_HALF = 1.1;
const MARK = "hatch ";
/** Distance from the nearest line of a pattern whose lines repeat every SIDE pixels. */
const SLOPES = {
  rising: (x, y) => fromLine(x + y) / Math.SQRT2,
  falling: (x, y) => fromLine(x - y) / Math.SQRT2,
  level: (_, y) => Math.min(fromLine(y), fromLine(y + SIDE / 2)),
  crossed: (x, y) => Math.min(fromLine(x + y), fromLine(x - y)) / Math.SQRT2,
};

/** The name of a picture; without a slope, of an empty one. */
export function hatchName(slope, colour) {
  return `${MARK}${slope ?? "none"} ${colour}`;
}

/** The picture of a name as { width, height, data } with four bytes a pixel; null for a name of another sort. */
export function hatchPicture(name) {
  if (!name.startsWith(MARK)) return null;
  const [slope, colour] = name.slice(MARK.length).split(" ");
  const data = new Uint8Array(4 * SIDE * SIDE);
  const away = SLOPES[slope];
  if (!away) return { width: SIDE, height: SIDE, data };
  const [red, green, blue] = channels(colour);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const cover = Math.min(Math.max(LINE_HALF + 0.5 - away(x, y), 0), 1);
      data.set([red, green, blue, Math.round(255 * cover)], 4 * (y * SIDE + x));
    }
  }
  return { width: SIDE, height: SIDE, data };
}

function fromLine(position) {
  const within = ((position % SIDE) + SIDE) % SIDE;
  return Math.min(within, SIDE - within);
}

/** Red, green and blue of `#rrggbb`; black where it is written otherwise. */
function channels(colour) {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour ?? "");
  return found ? found.slice(1).map((pair) => Number.parseInt(pair, 16)) : [0, 0, 0];
}
