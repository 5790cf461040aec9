// Draws the map onto its canvas: parcels in the colours of their status, what was asked, names, the scale bar.
//
// Only drawing; map.js keeps the view and answers the pointer. Colours are read from the style sheet at each change of
// theme, so the map follows light and dark.

import { boundsOf, scaleBar } from "./outlines.js";
import { STATUSES, statusOf } from "./statuses.js";
import { t } from "./i18n.js";

const POINT_RADIUS = 5;
const BAR_MAX = 120;
/** A parcel narrower than this on the screen carries no name. */
const NAMED_MIN = 44;

/** The colours of the style sheet as they stand. */
export function readColours(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  const statuses = new Map(STATUSES.map((status) => [status, read(`--status-${status}`)]));
  return {
    statuses,
    none: read("--status-none"),
    line: read("--map-line"),
    ink: read("--ink"),
    paper: read("--map-paper"),
    chosen: read("--accent"),
    seal: read("--seal"),
    font: style.fontFamily,
  };
}

/** A shape laid on the plane, with its box and its path: made once, drawn often. */
export function laidShape(shape, plane) {
  const rings = shape.rings.map((ring) => ring.map(plane.forward));
  const points = shape.points.map(plane.forward);
  const path = new Path2D();
  for (const ring of rings) {
    ring.forEach(([x, y], i) => (i === 0 ? path.moveTo(x, y) : path.lineTo(x, y)));
    path.closePath();
  }
  return { ...shape, rings, points, path, box: boundsOf([{ rings, points }]) };
}

/** Draws everything; `scene` is { parcels, asked, hidden, hovered, chosen, box, stamp }, `view` { x, y, scale, width, height }. */
export function paintMap(context, scene, view, colours) {
  const ratio = window.devicePixelRatio || 1;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, view.width, view.height);
  const inPlane = () => {
    const { scale } = view;
    context.setTransform(ratio * scale, 0, 0, -ratio * scale, ratio * (view.width / 2 - view.x * scale), ratio * (view.height / 2 + view.y * scale));
  };
  const visible = scene.parcels.filter((parcel) => !scene.hidden.has(statusOf(parcel.object)) && isInView(parcel.box, view));
  inPlane();
  visible.forEach((parcel) => paintParcel(context, parcel, view, colours));
  scene.asked.forEach((shape) => outline(context, shape, view, { colour: colours.ink, width: 1.5, dash: [6, 4] }));
  if (scene.chosen) outline(context, scene.chosen, view, { colour: colours.chosen, width: 4, dash: [] });
  if (scene.hovered) outline(context, scene.hovered, view, { colour: colours.ink, width: 2.5, dash: [] });
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  paintNames(context, visible, view, colours);
  paintScale(context, view, colours);
  if (scene.stamp) paintStamp(context, scene.stamp, view, colours);
  if (scene.box) paintBox(context, scene.box, colours);
}

function isInView(box, view) {
  const [halfWidth, halfHeight] = [view.width / 2 / view.scale, view.height / 2 / view.scale];
  const across = box.maxX >= view.x - halfWidth && box.minX <= view.x + halfWidth;
  return across && box.maxY >= view.y - halfHeight && box.minY <= view.y + halfHeight;
}

function paintParcel(context, parcel, view, colours) {
  const colour = colours.statuses.get(statusOf(parcel.object)) ?? colours.none;
  context.fillStyle = colour;
  context.globalAlpha = 0.72;
  context.fill(parcel.path, "evenodd");
  context.globalAlpha = 1;
  context.strokeStyle = colours.line;
  context.lineWidth = 1 / view.scale;
  context.stroke(parcel.path);
  for (const [x, y] of parcel.points) {
    context.beginPath();
    context.arc(x, y, POINT_RADIUS / view.scale, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

function outline(context, shape, view, { colour, width, dash }) {
  context.strokeStyle = colour;
  context.lineWidth = width / view.scale;
  context.setLineDash(dash.map((length) => length / view.scale));
  context.stroke(shape.path);
  context.setLineDash([]);
}

/** Names where they fit inside their parcel's box. */
function paintNames(context, parcels, view, colours) {
  context.font = `12px ${colours.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  for (const { object, box } of parcels) {
    const width = (box.maxX - box.minX) * view.scale;
    const name = String(object.name ?? object.code ?? "");
    if (width < NAMED_MIN || (box.maxY - box.minY) * view.scale < 16 || context.measureText(name).width > width * 0.85) continue;
    const x = ((box.minX + box.maxX) / 2 - view.x) * view.scale + view.width / 2;
    const y = (view.y - (box.minY + box.maxY) / 2) * view.scale + view.height / 2;
    context.strokeStyle = colours.paper;
    context.strokeText(name, x, y);
    context.fillStyle = colours.ink;
    context.fillText(name, x, y);
  }
}

function paintScale(context, view, colours) {
  const { metres, pixels } = scaleBar(view.scale, BAR_MAX);
  const [x, y] = [12, view.height - 12];
  context.strokeStyle = colours.ink;
  context.fillStyle = colours.ink;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, y - 6);
  context.lineTo(x, y);
  context.lineTo(x + pixels, y);
  context.lineTo(x + pixels, y - 6);
  context.stroke();
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.font = `11px ${colours.font}`;
  const text = metres >= 1000 ? t("kilometres", { count: metres / 1000 }) : t("metres", { count: metres });
  context.fillText(text, x + 5, y - 3);
}

function paintStamp(context, text, view, colours) {
  context.font = `600 12px ${colours.font}`;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.strokeStyle = colours.paper;
  context.lineWidth = 4;
  context.strokeText(text, view.width - 10, view.height - 8);
  context.fillStyle = colours.seal;
  context.fillText(text, view.width - 10, view.height - 8);
}

function paintBox(context, { from, to }, colours) {
  context.setLineDash([5, 4]);
  context.strokeStyle = colours.chosen;
  context.lineWidth = 2;
  context.strokeRect(from[0], from[1], to[0] - from[0], to[1] - from[1]);
  context.setLineDash([]);
}
