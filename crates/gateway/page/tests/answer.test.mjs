// The answer's rules: lists, exact order, outlines, errors; and what the browser keeps and shares.

import assert from "node:assert/strict";
import { test } from "node:test";
import { findRefusals, readError, readMeter, readPages } from "../answers.js";
import { readConfig } from "../config.js";
import { searchSchema } from "../docs_search.js";
import { uuidV7 } from "../ids.js";
import { checkVariables, compareVariables } from "../json_check.js";
import { loadDraft, pastQuestions, readFragment, remember, saveDraft, shareFragment } from "../memory.js";
import { boundsOf, boxPolygon, contains, findAsked, findOutlines, planeFor, scaleBar } from "../outlines.js";
import { cell, columnsOf, findLists, sortRows, tabText } from "../rows.js";
import { fetchSchema, SchemaRefused } from "../schema.js";
import { TEXTS } from "../texts.js";
import { indentJson } from "../tokens.js";
import { schema } from "./fixture.mjs";

const SQUARE = { type: "Polygon", coordinates: [[[119, 29], [119.01, 29], [119.01, 29.01], [119, 29.01], [119, 29]]] };

class Shelf {
  #kept = new Map();
  getItem(key) {
    return this.#kept.get(key) ?? null;
  }
  setItem(key, value) {
    this.#kept.set(key, value);
  }
  everything() {
    return [...this.#kept.values()].join("\n");
  }
}

test("amounts are ordered by their exact value, empty ones last both ways", () => {
  const rows = ["10", null, "9.5", "9.4999999999999999999", "-3"].map((mu) => ({ mu }));
  const order = (direction) => sortRows(rows, "mu", direction).map((row) => row.mu);
  assert.deepEqual(order("ascending"), ["-3", "9.4999999999999999999", "9.5", "10", null]);
  assert.deepEqual(order("descending"), ["10", "9.5", "9.4999999999999999999", "-3", null]);
});

test("columns open objects, and name lists and outlines as one", () => {
  const rows = [{ code: "a", area: { mu: "1" }, footprint: SQUARE, holders: [{ party: { name: "甲" }, share: { numerator: 1, denominator: 3 } }, { party: { name: "乙" } }] }];
  assert.deepEqual(columnsOf(rows), ["code", "area.mu", "footprint", "holders"]);
  assert.equal(tabText(rows, columnsOf(rows)).split("\n")[1], "a\t1\tPolygon (5)\t甲 1/3; 乙");
  assert.equal(cell(rows[0], "area.none.deeper"), undefined);
});

test("a connection's nodes come before other lists, and edges give their nodes", () => {
  const data = { a: [{ x: 1 }], b: { edges: [{ node: { y: 2 } }], pageInfo: {} } };
  assert.deepEqual(findLists(data).map((list) => [list.path, list.rows]), [["b.edges", [{ y: 2 }]], ["a", [{ x: 1 }]]]);
});

test("outlines are read from objects and from text, and unreadable ones are counted", () => {
  const data = { nodes: [{ footprint: SQUARE }, { footprint: JSON.stringify(SQUARE) }, { footprint: "{" }, { footprint: null }] };
  const { parcels, unreadable } = findOutlines(data);
  assert.equal(parcels.length, 2);
  assert.equal(unreadable, 1);
  assert.deepEqual(boundsOf(parcels), { minX: 119, minY: 29, maxX: 119.01, maxY: 29.01 });
});

test("the area asked about is found among the variables, wherever it stands", () => {
  assert.equal(findAsked({ filter: { area: { geometry: SQUARE } }, n: 3 }).length, 1);
});

test("the plane goes there and back, and a drawn box is a closed anticlockwise ring", () => {
  const plane = planeFor({ minX: 119, minY: 29, maxX: 119.02, maxY: 29.02 });
  const [x, y] = plane.back(plane.forward([119.003, 29.004]));
  assert.ok(Math.abs(x - 119.003) < 1e-9 && Math.abs(y - 29.004) < 1e-9);
  const [ring] = boxPolygon(plane, [100, 50], [-100, -50]).coordinates;
  assert.deepEqual(ring[0], ring[4]);
  const doubled = ring.slice(1).reduce((sum, [bx, by], i) => sum + (ring[i][0] * by - bx * ring[i][1]), 0);
  assert.ok(doubled > 0);
});

test("a point in a hole is not in the parcel", () => {
  const ring = (low, high) => [[low, low], [high, low], [high, high], [low, high], [low, low]];
  assert.equal(contains([ring(0, 10), ring(4, 6)], [2, 2]), true);
  assert.equal(contains([ring(0, 10), ring(4, 6)], [5, 5]), false);
});

test("the scale bar is a round length that fits", () => {
  assert.deepEqual(scaleBar(0.5, 120), { metres: 200, pixels: 100 });
});

test("an error keeps its path, code and both messages", () => {
  const error = { message: "no", path: ["stockLand", "nodes", 3, "price"], extensions: { code: "FORBIDDEN", messages: { zh: "无权", en: "may not" }, field: "price" } };
  const read = readError(error);
  assert.equal(read.path, "stockLand.nodes[3].price");
  assert.deepEqual([read.code, read.zh, read.en, read.more], ["FORBIDDEN", "无权", "may not", { field: "price" }]);
  assert.equal(readError({ message: "plain" }).zh, "plain");
});

test("refusals among the data are found by their type", () => {
  const data = { performAll: [{ __typename: "ParcelRegistered" }, { __typename: "ParcelRegisterRefused", code: "PARCEL_OVERLAP", overlap: "1.5" }] };
  assert.deepEqual(findRefusals(data).map(({ path, code, more }) => [path, code, more]), [["performAll[1]", "PARCEL_OVERLAP", { overlap: "1.5" }]]);
});

test("sequence, cost and what a page leaves out are read", () => {
  assert.deepEqual(readMeter({ extensions: { seq: "7", cost: { requested: 20, actual: 12 } } }), { seq: "7", cost: "12" });
  assert.deepEqual(readPages({ a: { nodes: [{}], totalCount: 3 }, b: { nodes: [{}], pageInfo: { hasNextPage: true } }, c: { nodes: [], totalCount: 0 } }), [
    { shown: 1, total: 3 },
    { shown: 1, total: undefined },
  ]);
});

test("the first mistake in the variables is named with its place", () => {
  const fault = (text) => {
    const { error } = checkVariables(text);
    return [error.reason, error.line, error.column];
  };
  assert.deepEqual(fault('{\n  "a": 1,\n  b: 2 }'), ["key", 3, 3]);
  assert.deepEqual(fault('{"a" 1}'), ["colon", 1, 6]);
  assert.deepEqual(fault('{"a": 1 "b": 2}'), ["comma", 1, 9]);
  assert.deepEqual(fault('{"a": 1,}'), ["key", 1, 9]);
  assert.deepEqual(fault('{"a": 01}'), ["value", 1, 7]);
  assert.deepEqual(fault('{"a": "\\x"}'), ["string", 1, 7]);
  assert.deepEqual(fault('{"a": [1'), ["unfinished", 1, 9]);
  assert.deepEqual(fault('{"a": ["b": 1]}'), ["keyHere", 1, 8]);
  assert.deepEqual(fault("[1]"), ["notObject", 1, 1]);
  assert.deepEqual(fault("{} {}"), ["extra", 1, 4]);
  assert.equal(checkVariables("[".repeat(100_000)).error.reason, "deep");
});

test("the check of variables agrees with JSON.parse on what is right", () => {
  const good = ["", "{}", '{"a": [1, -2.5e3, true, null, "x\\u0041", {"b": []}]}', ' {"a":{"b":{}}} '];
  for (const text of good) assert.deepEqual(checkVariables(text).value, text === "" ? {} : JSON.parse(text));
  const base = '{"a": [1, -2.5, {"b": "c"}], "d": null}';
  for (let at = 0; at < base.length; at++) {
    const cut = base.slice(0, at) + base.slice(at + 1);
    let parses = true;
    try {
      JSON.parse(cut);
    } catch {
      parses = false;
    }
    assert.equal(checkVariables(cut).error === undefined, parses, cut);
  }
});

test("missing and undeclared variables are told apart", () => {
  const declared = [{ name: "a", type: "Int!", hasDefault: false }, { name: "b", type: "Int!", hasDefault: true }, { name: "c", type: "Int", hasDefault: false }];
  assert.deepEqual(compareVariables(declared, { x: 1 }), { missing: ["a"], extra: ["x"] });
});

test("indenting JSON keeps every digit and sets positions on one line", () => {
  assert.equal(indentJson('{"n":12345678901234567890.10,"p":[[1,2],[3.50,4]],"e":[],"o":{},"s":"a,[1,2]:"}'), '{\n  "n": 12345678901234567890.10,\n  "p": [\n    [1, 2],\n    [3.50, 4]\n  ],\n  "e": [],\n  "o": {},\n  "s": "a,[1,2]:"\n}');
});

test("a token is neither remembered, nor drafted, nor shared", () => {
  const shelf = new Shelf();
  const question = { query: "{ a } # secret-token-1", variables: "" };
  remember(question, ["secret-token-1"], shelf);
  saveDraft(question, ["secret-token-1"], shelf);
  assert.equal(shelf.everything().includes("secret-token-1"), false);
  assert.equal(shareFragment(question, ["secret-token-1"]), null);
});

test("a question asked again moves to the front, and the oldest are let go", () => {
  const shelf = new Shelf();
  for (let i = 0; i < 80; i++) remember({ query: `{ a${i} }`, variables: "", at: i }, [], shelf);
  remember({ query: "{ a50 }", variables: "", at: 99 }, [], shelf);
  const past = pastQuestions(shelf);
  assert.deepEqual([past.length, past[0].query, past[1].query], [60, "{ a50 }", "{ a79 }"]);
});

test("a shared question comes back whole, and a damaged link gives none", () => {
  const question = { query: "{ 鱼鳞 ~ \u{1F41F} }", variables: '{"a": 1}' };
  assert.deepEqual(readFragment(shareFragment(question, [])), question);
  assert.equal(shareFragment({ query: "x".repeat(40_000), variables: "" }, []), null);
  for (const fragment of ["", "#ask=", "#ask=%%", "#ask=bnVsbA", "#other"]) assert.equal(readFragment(fragment), null, fragment);
});

test("what was kept by others in the same place does no harm", () => {
  const shelf = new Shelf();
  shelf.setItem("yulin.history", '{"not": "a list"}');
  shelf.setItem("yulin.draft", "broken{");
  assert.deepEqual(pastQuestions(shelf), []);
  assert.equal(loadDraft(shelf), null);
});

test("a page without a configuration still knows where to ask", () => {
  assert.deepEqual(readConfig("@YULIN_CONFIG@"), { endpoint: "graphql", demo: false, queryPage: true, zoneName: "", tokens: [], examples: [] });
  const { examples } = readConfig(JSON.stringify({ examples: [{ title: "T", query: "{a}", variables: { p: [1, 2] } }, { title: "none" }] }));
  assert.deepEqual(examples, [{ en: "T", zh: "T", query: "{a}", variables: '{\n  "p": [1, 2]\n}' }]);
});

test("search finds types, fields, arguments and values, names before descriptions", () => {
  const names = (text) => searchSchema(schema, text).map((find) => `${find.kind} ${find.owner}.${find.name}`);
  assert.equal(names("stockstatus")[0], "type .StockStatus");
  assert.ok(names("first").includes("argument Query.stockLand.first"));
  assert.ok(names("idle").includes("value StockStatus.IDLE"));
  assert.deepEqual(names("parcel stands"), ["type .StockStatus"]);
  assert.deepEqual(names("zzz"), []);
});

test("an older schema is asked again in plain form, and a refusal is told", async () => {
  const asked = [];
  const raw = { queryType: { name: "Query" }, types: [], directives: [] };
  const read = await fetchSchema(async (query) => {
    asked.push(query.includes("isOneOf"));
    return query.includes("isOneOf") ? { errors: [{ message: "unknown" }] } : { data: { __schema: raw } };
  });
  assert.deepEqual([asked, read.rootType("query")], [[true, false], "Query"]);
  await assert.rejects(fetchSchema(async () => ({ errors: [{ message: "no" }] })), SchemaRefused);
});

test("a new id is a UUID of version 7 that begins with the time", () => {
  assert.equal(uuidV7(0x0190_1234_5678, new Uint8Array(16).fill(0xff)), "01901234-5678-7fff-bfff-ffffffffffff");
});

test("every text of the page is there in both languages, with the same blanks", () => {
  const blanks = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();
  for (const [key, pair] of Object.entries(TEXTS)) {
    assert.equal(pair.length, 2, key);
    assert.ok(pair.every((text) => text.length > 0), key);
    assert.deepEqual(blanks(pair[0]), blanks(pair[1]), key);
  }
});
