// What the registry calls the codes of its lists, in both languages; a code stands for itself until the lists are read.

import { currentLanguage } from "../page/i18n.js";

export class Labels {
  #lists = new Map();

  /** Takes lists by name, each { items: [{ code, zh, en }] }. */
  take(lists) {
    for (const [name, list] of Object.entries(lists)) {
      this.#lists.set(name, new Map((list?.items ?? []).map((item) => [item.code, item])));
    }
  }

  /** The label of a code in the page's language. */
  of(list, code) {
    return labelOf(this.#lists.get(list)?.get(code), code);
  }
}

/** The one of { zh, en } that is in the page's language. */
export function labelOf(pair, otherwise = "") {
  return pair?.[currentLanguage()] ?? otherwise;
}
