// Outlines in an answer, laid on a plane: what the map draws.
//
// Pure. The plane is metres around the middle of what is drawn (longitude shortened by the cosine of the latitude):
// true enough for the eye at the size of a county, and never used to measure.

import { eachObject, isGeometry } from "./rows.js";

/** At most this many parcels are drawn; the map says how many it left out. */
export const DRAWN_MAX = 20_000;
const METRES_A_DEGREE = 111_320;

/** The parcels of an answer that have a `footprint`: { parcels: [{ object, path, rings, points }], left, unreadable }. */
export function findOutlines(data) {
  const parcels = [];
  let left = 0;
  let unreadable = 0;
  eachObject(data, (object, path) => {
    if (object.footprint === null || object.footprint === undefined) return;
    const shape = shapeOf(object.footprint);
    if (!shape) unreadable += 1;
    else if (parcels.length >= DRAWN_MAX) left += 1;
    else parcels.push({ object, path, ...shape });
  });
  return { parcels, left, unreadable };
}

/** GeoJSON areas among the variables: what was asked about, drawn beneath the answer. */
export function findAsked(variables) {
  const asked = [];
  const visit = (value) => {
    if (value === null || typeof value !== "object") return;
    const shape = value.type ? shapeOf(value) : null;
    if (shape) asked.push(shape);
    else Object.values(value).forEach(visit);
  };
  visit(variables ?? {});
  return asked;
}

/** Rings and points of GeoJSON (object or text): { rings, points }, or null when it is none. */
export function shapeOf(footprint) {
  const geometry = typeof footprint === "string" ? parsed(footprint) : footprint;
  const shape = { rings: [], points: [] };
  return gather(geometry, shape) && shape.rings.length + shape.points.length > 0 ? shape : null;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function gather(value, shape) {
  if (value?.type === "Feature") return gather(value.geometry, shape);
  if (value?.type === "FeatureCollection" && Array.isArray(value.features)) return value.features.every((each) => gather(each, shape));
  if (!isGeometry(value)) return false;
  switch (value.type) {
    case "Polygon":
      return value.coordinates.every((ring) => addRing(ring, shape));
    case "MultiPolygon":
      return value.coordinates.every((part) => Array.isArray(part) && part.every((ring) => addRing(ring, shape)));
    case "Point":
      return isPosition(value.coordinates) && shape.points.push(value.coordinates) > 0;
    case "MultiPoint":
      return value.coordinates.every((point) => isPosition(point) && shape.points.push(point) > 0);
    case "GeometryCollection":
      return (value.geometries ?? []).every((inner) => gather(inner, shape));
    default:
      return false;
  }
}

function addRing(ring, shape) {
  if (!Array.isArray(ring) || ring.length === 0 || !ring.every(isPosition)) return false;
  shape.rings.push(ring);
  return true;
}

function isPosition(position) {
  return Array.isArray(position) && Number.isFinite(position[0]) && Number.isFinite(position[1]);
}

/** The box around shapes, { minX, minY, maxX, maxY }, or null around none. */
export function boundsOf(shapes) {
  const box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  const take = ([x, y]) => {
    box.minX = Math.min(box.minX, x);
    box.minY = Math.min(box.minY, y);
    box.maxX = Math.max(box.maxX, x);
    box.maxY = Math.max(box.maxY, y);
  };
  for (const shape of shapes) {
    shape.rings.forEach((ring) => ring.forEach(take));
    shape.points.forEach(take);
  }
  return box.minX <= box.maxX ? box : null;
}

/** A plane for a box of longitudes and latitudes; ordinates that are no degrees are taken as metres. */
export function planeFor(box) {
  const degrees = Math.abs(box.minX) <= 180 && Math.abs(box.maxX) <= 180 && Math.abs(box.minY) <= 90 && Math.abs(box.maxY) <= 90;
  const [x0, y0] = [(box.minX + box.maxX) / 2, (box.minY + box.maxY) / 2];
  const ky = degrees ? METRES_A_DEGREE : 1;
  const kx = degrees ? METRES_A_DEGREE * Math.max(Math.cos((y0 * Math.PI) / 180), 0.01) : 1;
  return {
    degrees,
    forward: ([x, y]) => [(x - x0) * kx, (y - y0) * ky],
    back: ([x, y]) => [x / kx + x0, y / ky + y0],
  };
}

/** A box between two corners of the plane as a GeoJSON polygon, anticlockwise, to a decimetre or so (6 decimals). */
export function boxPolygon(plane, a, b) {
  const [west, south] = plane.back([Math.min(a[0], b[0]), Math.min(a[1], b[1])]).map(sixDecimals);
  const [east, north] = plane.back([Math.max(a[0], b[0]), Math.max(a[1], b[1])]).map(sixDecimals);
  const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
  return { type: "Polygon", coordinates: [ring] };
}

function sixDecimals(degree) {
  return Math.round(degree * 1e6) / 1e6;
}

/** A round length in metres whose bar is at most `pixelsMax` long at `scale` pixels a metre. */
export function scaleBar(scale, pixelsMax) {
  const longest = pixelsMax / scale;
  const power = 10 ** Math.floor(Math.log10(longest));
  const metres = [5, 2, 1].map((each) => each * power).find((each) => each <= longest) ?? power;
  return { metres, pixels: metres * scale };
}

/** True when the plane's point lies within the rings, holes left out (even-odd rule). */
export function contains(rings, [x, y]) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}
