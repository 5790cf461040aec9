// Faults in words: what the registry or the browser could not do, and when it is tried again.

import { currentLanguage, t } from "../page/i18n.js";

/** Seconds until what may pass by itself is tried again. */
const WAIT_S = 5;
const TOO_MUCH = 429;

/** Seconds to wait before asking again after a status; null where asking again is of no use. */
export function waitAfter(status, told) {
  if (status === TOO_MUCH) return Math.max(Number(told) || 0, WAIT_S);
  return status === 0 || status >= 500 ? WAIT_S : null;
}

/** What to say of an HTTP status, 0 where nothing was reached. */
export function statusWords(status, told) {
  switch (status) {
    case 0:
      return t("unreachable");
    case 401:
      return t("mapUnauthenticated");
    case 403:
      return t("mapForbidden");
    case TOO_MUCH:
      return t("mapTooMuch", { seconds: waitAfter(status, told) });
    default:
      return t("mapFailed", { status });
  }
}

/** What to say of a fault that questions.js answered. */
export function faultWords({ outcome, status, error }) {
  if (outcome === "unreachable") return statusWords(0);
  if (outcome !== "answered" || status === 401 || status === TOO_MUCH) return statusWords(status, error?.more.retryAfterSeconds);
  return currentLanguage() === "zh" ? error.zh : error.en;
}
