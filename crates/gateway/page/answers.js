// What an answer says besides its data: errors by path, refusals in the data, cost and sequence.
//
// Pure reading of the GraphQL response; errors_view.js draws it. Messages come in both languages under
// `extensions.messages` ({ zh, en }); an error without them keeps its one message.

import { eachObject } from "./rows.js";

/** At most this many errors or refusals are listed; the view says how many there are. */
export const LISTED_MAX = 200;

/** One error made ready to show: { path, code, zh, en, message, places, more }. */
export function readError(error) {
  const { code, messages, ...more } = error?.extensions ?? {};
  const message = String(error?.message ?? "");
  return {
    path: Array.isArray(error?.path) ? pathText(error.path) : "",
    code: typeof code === "string" ? code : "",
    zh: textOf(messages?.zh) || message,
    en: textOf(messages?.en) || message,
    message,
    places: Array.isArray(error?.locations) ? error.locations : [],
    more,
  };
}

function textOf(value) {
  return typeof value === "string" ? value : "";
}

/** A response path as one reads it: `stockLand.nodes[3].area`. */
export function pathText(path) {
  return path.map((step, i) => (typeof step === "number" ? `[${step}]` : (i > 0 ? "." : "") + step)).join("");
}

/** Refusals among the data: objects whose `__typename` ends in `Refused`. */
export function findRefusals(data) {
  const refusals = [];
  eachObject(data, (object, path) => {
    const typename = object.__typename;
    if (typeof typename !== "string" || !typename.endsWith("Refused")) return;
    const { __typename: _, code, messages, message, ...more } = object;
    const plain = textOf(message);
    refusals.push({
      path: pathText(path),
      code: textOf(code) || typename,
      zh: textOf(messages?.zh) || plain,
      en: textOf(messages?.en) || plain,
      message: plain,
      places: [],
      more,
    });
  });
  return refusals;
}

/** Connections that hold more than this page shows: [{ shown, total }], total undefined when it was not asked for. */
export function readPages(data) {
  const pages = [];
  eachObject(data, (object, path) => {
    const items = object.nodes ?? object.edges;
    if (!Array.isArray(items) || path.some((step) => typeof step === "number")) return;
    const total = Number.isFinite(object.totalCount) ? object.totalCount : undefined;
    if (object.pageInfo?.hasNextPage === true || total > items.length) pages.push({ shown: items.length, total });
  });
  return pages;
}

/** Sequence and cost that the registry reports: { seq, cost }, undefined where it says nothing. */
export function readMeter(body) {
  const { seq, cost } = body?.extensions ?? {};
  return { seq: scalar(seq), cost: scalar(cost?.actual) };
}

function scalar(value) {
  return typeof value === "number" || typeof value === "string" ? String(value) : undefined;
}
