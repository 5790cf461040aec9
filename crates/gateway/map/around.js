// What stands around the drawn map: the scale bar, and what the parcel under the pointer is.

import { byId, el } from "../page/dom.js";
import { t } from "../page/i18n.js";
import { statusName } from "../page/statuses.js";
import { grouped } from "./amounts.js";

const TIP_AWAY = 14;
const EDGE = 4;

/** Writes the bar of { metres, pixels }. */
export function writeScale({ metres, pixels }) {
  byId("scale").style.width = `${pixels}px`;
  byId("scale-text").textContent = metres >= 1000 ? t("kilometres", { count: metres / 1000 }) : t("metres", { count: metres });
}

/** Tells a parcel beside a pixel of the map; null takes it away. */
export function writeTip(parcel, point) {
  const tip = byId("tip");
  tip.hidden = !parcel;
  if (!parcel) return;
  const status = parcel.stockStatus ? statusName(parcel.stockStatus) : null;
  const area = parcel.areaM2 === undefined ? null : `${grouped(parcel.areaM2)} m²`;
  const lines = [parcel.code, status, area].filter((line) => line !== null && line !== undefined);
  tip.replaceChildren(...lines.map((line) => el("div", {}, line)));
  const room = byId("map").clientWidth - tip.offsetWidth - EDGE;
  tip.style.left = `${Math.max(Math.min(point.x + TIP_AWAY, room), EDGE)}px`;
  tip.style.top = `${Math.max(point.y - tip.offsetHeight - TIP_AWAY / 2, EDGE)}px`;
}
