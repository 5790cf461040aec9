// What the map asks of the registry beside tiles: one small question for each thing it shows in words.

import { readError } from "../page/answers.js";
import { ask } from "../page/request.js";

/** Hits listed beneath the search. */
export const HITS_MAX = 8;

const NEWS = "{ parcels(first: 1) { totalCount facets { byStatus { key count area { mu } } } } }";
const LABELS = `{
  zones: codeList(id: "ZONE_KIND") { items { code zh: label(lang: ZH) en: label(lang: EN) } }
  charges: codeList(id: "RESTRICTION_KIND") { items { code zh: label(lang: ZH) en: label(lang: EN) } }
  states: codeList(id: "PARCEL_STATE") { items { code zh: label(lang: ZH) en: label(lang: EN) } }
}`;
const FIND = `query Find($text: String!, $first: Int!) {
  parcels(filter: { text: $text }, first: $first) {
    totalCount
    nodes { id code name location stockStatus footprint }
  }
}`;
/** Also what the query page is handed to go on from. */
export const FACTS = `query Parcel($id: ID!) {
  parcel(id: $id) {
    id
    code
    name
    location
    state
    generated
    district { name }
    area { registered { squareMetres mu } computed { squareMetres mu } }
    landUse { code zh: label(lang: ZH) en: label(lang: EN) }
    stock { status since }
    price { asking floor }
    tenure { endsOn }
    holders { party { name } share { numerator denominator } }
    restrictions { kind }
    footprint
    withheld
  }
}`;

/** Asks with the keys and addresses that stand at the time: { data, seq } or { fault }, which faults.js puts into words. */
export class Questions {
  constructor(endpoint, key) {
    this.endpoint = endpoint;
    this.key = key;
  }

  news() {
    return this.#answer(NEWS);
  }

  labels() {
    return this.#answer(LABELS);
  }

  find(text, signal) {
    return this.#answer(FIND, { text, first: HITS_MAX }, signal);
  }

  facts(id) {
    return this.#answer(FACTS, { id });
  }

  async #answer(query, variables, signal) {
    return readAnswer(await ask({ endpoint: this.endpoint, token: this.key(), query, variables, signal }));
  }
}

/** The data of an answer with the sequence it stands at, or what was wrong with it. */
export function readAnswer({ outcome, body, status }) {
  if (outcome !== "answered") return { fault: { outcome, status: status ?? 0 } };
  const error = body.errors?.[0];
  if (error && !body.data) return { fault: { outcome, status, error: readError(error) } };
  return { data: body.data ?? {}, seq: body.extensions?.seq ?? null };
}
