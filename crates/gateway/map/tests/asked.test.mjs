// What is asked of the registry and what its answers become: addresses, keys, faults, amounts.

import assert from "node:assert/strict";
import { test } from "node:test";
import "../words.js";
import { grouped, shareText, shortMu } from "../amounts.js";
import { faultWords, statusWords, waitAfter } from "../faults.js";
import { readAnswer } from "../questions.js";
import { ServedFault, fetchServed, ownAddress } from "../served.js";

const BASE = "https://land.example/zone/tiles/style.json";
const STYLE = {
  version: 8,
  sources: { parcels: { type: "vector", url: "parcels.json" } },
  layers: [{ id: "fill", type: "fill", source: "parcels", "source-layer": "parcels" }],
};

/** Answers by address and remembers what was asked. */
function fetcherOf(answers) {
  const asked = [];
  const fetcher = async (address, { headers }) => {
    asked.push({ address, headers });
    const answer = answers[address];
    if (answer === undefined) throw new TypeError("unreachable");
    return typeof answer === "number" ? { ok: false, status: answer } : { ok: true, json: async () => answer };
  };
  return { asked, fetcher };
}

test("sources become whole, on the page's own host, with the key sent along", async () => {
  const told = { tiles: ["http://inner:8080/zone/tiles/parcels/{z}/{x}/{y}.mvt"], bounds: [119, 29, 120, 30], minzoom: 9, maxzoom: 16 };
  const { asked, fetcher } = fetcherOf({ [BASE]: STYLE, "https://land.example/zone/tiles/parcels.json": told });
  const { style, bounds } = await fetchServed(BASE, "secret", fetcher);
  assert.deepEqual(style.sources.parcels, {
    type: "vector",
    tiles: ["https://land.example/zone/tiles/parcels/{z}/{x}/{y}.mvt"],
    bounds: [119, 29, 120, 30],
    minzoom: 9,
    maxzoom: 16,
    promoteId: "id",
  });
  assert.deepEqual(bounds, [119, 29, 120, 30]);
  assert.ok(asked.length === 2 && asked.every(({ headers }) => headers.Authorization === "Bearer secret"));
});

test("without a key none is sent, and bounds that enclose nothing are none", async () => {
  const { asked, fetcher } = fetcherOf({ [BASE]: STYLE, "https://land.example/zone/tiles/parcels.json": { tiles: ["x"], bounds: [10, 0, -10, 0] } });
  assert.equal((await fetchServed(BASE, "", fetcher)).bounds, null);
  assert.ok(asked.every(({ headers }) => !("Authorization" in headers)));
});

test("what is refused or not reached is a fault with its status", async () => {
  const failing = (answers) => fetchServed(BASE, "", fetcherOf(answers).fetcher);
  await assert.rejects(failing({ [BASE]: 401 }), (fault) => fault instanceof ServedFault && fault.status === 401);
  await assert.rejects(failing({ [BASE]: STYLE }), (fault) => fault.status === 0);
});

test("an address of another host is asked on the page's own, braces kept", () => {
  assert.equal(ownAddress("http://other/t/{z}/{x}/{y}.mvt?a=1", "https://own/map"), "https://own/t/{z}/{x}/{y}.mvt?a=1");
});

test("what may pass by itself is tried again, what may not is not", () => {
  assert.deepEqual([0, 429, 500, 503].map((status) => waitAfter(status)), [5, 5, 5, 5]);
  assert.deepEqual([401, 403, 404].map((status) => waitAfter(status)), [null, null, null]);
  assert.equal(waitAfter(429, 12), 12);
});

test("faults are told in words", () => {
  assert.match(statusWords(401), /token/);
  assert.match(statusWords(429, 12), /12 s/);
  const error = { en: "not permitted", zh: "无权", more: {} };
  assert.equal(faultWords({ outcome: "answered", status: 200, error }), "not permitted");
  assert.match(faultWords({ outcome: "answered", status: 429, error: { ...error, more: { retryAfterSeconds: 9 } } }), /9 s/);
  assert.match(faultWords({ outcome: "unreachable", status: 0 }), /cannot be reached/);
});

test("an answer is its data and sequence, or its first fault where it has no data", () => {
  assert.deepEqual(readAnswer({ outcome: "answered", status: 200, body: { data: { a: 1 }, extensions: { seq: 7 } } }), { data: { a: 1 }, seq: 7 });
  const { fault } = readAnswer({ outcome: "answered", status: 200, body: { data: null, errors: [{ message: "no", extensions: { code: "FORBIDDEN" } }] } });
  assert.equal(fault.error.code, "FORBIDDEN");
  assert.deepEqual(readAnswer({ outcome: "unreachable" }).fault, { outcome: "unreachable", status: 0 });
});

test("amounts are grouped digit by digit", () => {
  assert.equal(grouped("9541.37"), "9,541.37");
  assert.equal(grouped("1234567890123456789.5000"), "1,234,567,890,123,456,789.5");
  assert.equal(grouped("0.999"), "0.99");
  assert.equal(grouped(12), "12");
});

test("a column of mu is kept short", () => {
  assert.deepEqual(shortMu("34754.4894"), { count: "34,754", wan: false });
  assert.deepEqual(shortMu("1234567.8"), { count: "123.45", wan: true });
});

test("the whole is no share", () => {
  assert.equal(shareText({ numerator: "1", denominator: "1" }), "");
  assert.equal(shareText({ numerator: "1", denominator: "3" }), "1/3");
});
