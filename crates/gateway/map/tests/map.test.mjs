// The map page as a whole, read as text: every text, id, file and colour that one part names exists in another.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { TEXTS } from "../../page/texts.js";
import { GROUPS, LINES, POINTS, ZONES } from "../kinds.js";
import { MAP_TEXTS } from "../words.js";

const folder = new URL("../", import.meta.url);
const files = readdirSync(folder).filter((name) => /\.(js|css|html)$/.test(name));
const read = (name) => readFileSync(new URL(name, folder), "utf8");
const html = read("index.html");
const scripts = files.filter((name) => name.endsWith(".js"));
const imports = (name) => [...read(name).matchAll(/(?:from|import) "(\.[\w./]+)"/g)].map((found) => found[1]);

test("every text the markup and the scripts name exists", () => {
  const inMarkup = [...html.matchAll(/data-t(?:-\w+)?="(\w+)"/g)].map((found) => found[1]);
  const inScripts = scripts.flatMap((name) => [...read(name).matchAll(/\bt\("(\w+)"/g)].map((found) => found[1]));
  assert.ok(inMarkup.length > 15 && inScripts.length > 30);
  assert.deepEqual([...inMarkup, ...inScripts].filter((key) => !TEXTS[key]), []);
});

test("every text of the map is used and written in both languages", () => {
  const all = html + scripts.filter((name) => name !== "words.js").map(read).join("\n");
  const isUsed = (key) => all.includes(`"${key}"`) || key === "pageTitle" || key.startsWith("mapLayer_");
  assert.deepEqual(Object.keys(MAP_TEXTS).filter((key) => !isUsed(key)), []);
  assert.deepEqual(Object.entries(MAP_TEXTS).filter(([, pair]) => pair.length !== 2 || pair.includes("")), []);
});

test("every element the scripts look for is in the markup", () => {
  const sought = scripts.flatMap((name) => [...read(name).matchAll(/byId\("([\w-]+)"\)/g)].map((found) => found[1]));
  assert.deepEqual(sought.filter((id) => !html.includes(`id="${id}"`)), []);
});

test("every module that is imported exists, and every script is reached", () => {
  const reached = new Set(["main.js", "without.js"]);
  for (const name of reached) {
    for (const each of imports(name)) {
      assert.ok(existsSync(new URL(each, folder)), `${name} imports ${each}`);
      if (each.startsWith("./")) reached.add(each.slice(2));
    }
  }
  assert.deepEqual([...reached].sort(), [...scripts].sort());
});

test("nothing is fetched from elsewhere and nothing is written inline", () => {
  for (const name of files) assert.doesNotMatch(read(name), /https?:\/\//, name);
  for (const name of ["index.html", "without.html"]) assert.doesNotMatch(read(name), /\son\w+=|\sstyle=|<style|javascript:/, name);
  for (const name of scripts) assert.doesNotMatch(read(name), /innerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, name);
});

test("every kind has its colour in light and in dark", () => {
  const css = read("map.css");
  const wanted = [...Object.keys(ZONES).map((kind) => `--zone-${kind}: #`), ...GROUPS.map((group) => `--feature-${group}: #`)];
  for (const colour of wanted) assert.equal(css.split(colour).length, 3, colour);
  for (const kind of Object.keys(ZONES)) assert.ok(css.includes(`.zone-${kind} {`), kind);
  const groups = [...Object.values(LINES).map(({ group }) => group), ...Object.values(POINTS)];
  assert.deepEqual(groups.filter((group) => !GROUPS.includes(group)), []);
});

test("every kind of area and feature of the registry is known to the map", () => {
  const schema = readFileSync(new URL("../../../../schema/yulin.graphql", import.meta.url), "utf8");
  const codes = (name) => new RegExp(`^enum ${name} \\{([\\s\\S]*?)^\\}`, "m").exec(schema)[1].replace(/"""[\s\S]*?"""/g, "").match(/\w+/g);
  assert.deepEqual(codes("ZoneKind").filter((kind) => !ZONES[kind]), []);
  assert.deepEqual(codes("FeatureKind").filter((kind) => kind !== "OTHER" && !LINES[kind] && !POINTS[kind]), []);
});

test("no script is longer than 400 lines", () => {
  for (const name of scripts) assert.ok(read(name).split("\n").length <= 400, name);
});
