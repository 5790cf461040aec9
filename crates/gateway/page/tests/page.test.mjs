// The page as a whole, read as text: every key, id and file that one part names exists in another, and it is all ours.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { TEXTS } from "../texts.js";

const folder = new URL("../", import.meta.url);
const files = readdirSync(folder).filter((name) => /\.(js|css|html|svg)$/.test(name));
const read = (name) => readFileSync(new URL(name, folder), "utf8");
const html = read("index.html");
const scripts = files.filter((name) => name.endsWith(".js"));

test("every text the markup and the scripts name exists", () => {
  const inMarkup = [...html.matchAll(/data-t(?:-\w+)?="(\w+)"/g)].map((found) => found[1]);
  const inScripts = scripts.flatMap((name) => [...read(name).matchAll(/\bt\("(\w+)"/g)].map((found) => found[1]));
  assert.ok(inMarkup.length > 20 && inScripts.length > 40);
  assert.deepEqual([...inMarkup, ...inScripts].filter((key) => !TEXTS[key]), []);
});

test("every element the scripts look for is in the markup", () => {
  const sought = scripts.flatMap((name) => [...read(name).matchAll(/byId\("([\w-]+)"\)/g)].map((found) => found[1]));
  assert.deepEqual(sought.filter((id) => !html.includes(`id="${id}"`)), []);
});

test("every module that is imported exists, and every script is reached from main.js", () => {
  const imports = (name) => [...read(name).matchAll(/from "\.\/([\w.]+)"/g)].map((found) => found[1]);
  const reached = new Set(["main.js"]);
  for (const name of reached) imports(name).forEach((each) => reached.add(each));
  assert.deepEqual([...reached].sort(), [...scripts].sort());
});

test("nothing is fetched from elsewhere and nothing is written inline", () => {
  for (const name of files) {
    const hosts = [...read(name).matchAll(/https?:\/\/[^\s"')]+/g)].map((found) => found[0]);
    assert.deepEqual(hosts.filter((url) => url !== "http://www.w3.org/2000/svg"), [], name);
  }
  assert.doesNotMatch(html, /\son\w+=|\sstyle=|<style|javascript:/);
  for (const name of scripts) assert.doesNotMatch(read(name), /innerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, name);
});

test("the place of the configuration stands in the markup once", () => {
  assert.equal(html.split("@YULIN_CONFIG@").length, 2);
});

test("no script is longer than 400 lines", () => {
  for (const name of scripts) assert.ok(read(name).split("\n").length <= 400, name);
});
