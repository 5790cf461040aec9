// The stock statuses, each with its colour and its name in the page's language.
//
// Colours live in theme.css as --status-…, one set for light and one for dark; a status that the page does not know is
// shown by its code in a neutral colour, so a new one is never hidden.

import { el } from "./dom.js";
import { hasText, t } from "./i18n.js";

/** The statuses in the order of the legend. */
export const STATUSES = [
  "IDLE",
  "INEFFICIENT",
  "USED_NOT_FULL",
  "BUILT_NOT_USED",
  "SUPPLIED_NOT_USED",
  "APPROVED_NOT_SUPPLIED",
  "BANKED",
  "READY",
  "IN_USE",
];

/** The status of a row, read from `stockStatus` whether it is a code or an object with one; null without. */
export function statusOf(object) {
  const status = object?.stockStatus;
  if (typeof status === "string") return status;
  return typeof status?.code === "string" ? status.code : null;
}

/** The name of a status; that of "none" for null. */
export function statusName(status) {
  if (status === null) return t("statusNone");
  return hasText(`status_${status}`) ? t(`status_${status}`) : status;
}

/** The class that gives a status its colour. */
export function statusClass(status) {
  return STATUSES.includes(status) ? `status-${status}` : "status-none";
}

/** A dot in the status's colour, named for those who do not see it. */
export function statusDot(status) {
  if (typeof status !== "string") return null;
  return el("span", { className: `dot ${statusClass(status)}`, title: statusName(status) });
}
