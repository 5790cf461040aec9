// The map in a real browser: it draws parcels in the colours of their status, tells the one that is clicked, finds and
// hides, says nothing to its console and asks no other host. Leaves a picture.
//
// node browser.mjs URL CHROMIUM PICTURE.png [PARCELS_MIN], where a registry with land serves /map at URL.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { Chromium } from "./chromium.mjs";

const [base, program, picture, least = "100"] = process.argv.slice(2);
if (!picture) {
  console.error("node browser.mjs URL CHROMIUM PICTURE.png [PARCELS_MIN]");
  process.exit(2);
}
const SIZE = { width: 1440, height: 900 };
/** Statuses of which the colour is compared: as many as must be seen. */
const STATUSES_MIN = 3;
const READY = "document.body.dataset.ready === 'true' && !yulinMap.isMoving() && yulinMap.areTilesLoaded()";
const FILLS = "yulinMap.getStyle().layers.filter((each) => each['source-layer'] === 'parcels' && each.type === 'fill').map((each) => each.id)";

/** Parcels in view: [{ code, status }], each once. */
const RENDERED = `(() => {
  const found = yulinMap.queryRenderedFeatures({ layers: ${FILLS} });
  return [...new Map(found.map(({ properties }) => [properties.id, { code: properties.code, status: properties.stockStatus }])).values()];
})()`;

/** Points of a grid over the map that lie on a parcel, with the colour that the picture has there. */
const sampled = (data) => `(async () => {
  const bytes = Uint8Array.from(atob("${data}"), (each) => each.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
  pen.drawImage(image, 0, 0);
  const { data } = pen.getImageData(0, 0, image.width, image.height);
  const colourAt = ([x, y]) => { const place = 4 * (Math.round(y) * image.width + Math.round(x)); return data.slice(place, place + 3).join(" "); };
  const box = yulinMap.getCanvas().getBoundingClientRect();
  const points = [];
  for (let x = 100; x < box.width; x += 17) for (let y = 8; y < box.height; y += 17) {
    const parcel = yulinMap.queryRenderedFeatures([x, y], { layers: ${FILLS} })[0]?.properties;
    const at = [box.left + x, box.top + y];
    if (parcel) points.push({ at, code: parcel.code, status: parcel.stockStatus, colour: colourAt(at) });
  }
  return points;
})()`;

const chromium = await Chromium.start(program, SIZE);
const wrong = [];
chromium.listen((method, params) => {
  if (method === "Runtime.exceptionThrown") wrong.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
  if (method === "Runtime.consoleAPICalled" && ["error", "warning", "assert"].includes(params.type)) wrong.push(params.args.map((each) => each.value ?? each.description).join(" "));
  if (method === "Log.entryAdded" && ["error", "warning"].includes(params.entry.level)) wrong.push(`${params.entry.text} ${params.entry.url ?? ""}`);
  if (method === "Network.requestWillBeSent" && isElsewhere(params.request.url)) wrong.push(`asked ${params.request.url}`);
});

/** True for an address of another host; what lies in the page itself has none. */
function isElsewhere(address) {
  const { protocol, origin } = new URL(address);
  return !["data:", "blob:"].includes(protocol) && origin !== new URL(base).origin;
}

/** The colour seen most often on the parcels of each status. */
function coloursByStatus(points) {
  const counts = new Map();
  for (const { status, colour } of points.filter((each) => each.status)) {
    const of = counts.get(status) ?? new Map();
    counts.set(status, of.set(colour, (of.get(colour) ?? 0) + 1));
  }
  return new Map([...counts].map(([status, of]) => [status, [...of].sort((a, b) => b[1] - a[1])[0][0]]));
}

async function drawsParcels() {
  await chromium.send("Page.navigate", { url: new URL("/map", base).href });
  await chromium.until(`Boolean(globalThis.yulinMap) && ${READY}`, "the map was not drawn");
  const parcels = await chromium.evaluate(RENDERED);
  assert.ok(parcels.length >= Number(least), `${parcels.length} parcels are drawn, fewer than ${least}`);
  const points = await chromium.evaluate(sampled(await chromium.picture()));
  const colours = coloursByStatus(points);
  assert.ok(colours.size >= STATUSES_MIN, `parcels of ${colours.size} statuses are seen`);
  assert.equal(new Set(colours.values()).size, colours.size, `statuses share a colour: ${JSON.stringify([...colours])}`);
  console.log(`${parcels.length} parcels drawn in the colours of ${colours.size} statuses`);
  return points;
}

async function tellsTheClicked(points) {
  const { at, code } = points[Math.floor(points.length / 2)];
  await chromium.click(at);
  await chromium.until(`document.querySelector("#facts .facts-code")?.textContent === ${JSON.stringify(code)} && document.querySelector("#facts dl")`, `the card does not tell ${code}`);
  console.log(`the card tells ${code}`);
}

async function hidesAStatus() {
  const [entry] = await chromium.evaluate(`[...document.querySelectorAll("#legend button")].map((each, place) => [place, each.querySelector(".dot").className.split("status-").pop()]).filter(([, status]) => ${RENDERED}.some((each) => each.status === status))`);
  const shown = `${RENDERED}.some((each) => each.status === ${JSON.stringify(entry[1])})`;
  await chromium.evaluate(`document.querySelectorAll("#legend button")[${entry[0]}].click()`);
  await chromium.until(`${READY} && !${shown}`, `${entry[1]} is not hidden`);
  await chromium.evaluate(`document.querySelectorAll("#legend button")[${entry[0]}].click()`);
  await chromium.until(`${READY} && ${shown}`, `${entry[1]} is not shown again`);
  console.log(`${entry[1]} is hidden and shown again`);
}

async function findsByCode({ code }) {
  await chromium.evaluate(`document.getElementById("search").focus()`);
  await chromium.send("Input.insertText", { text: code });
  await chromium.until(`document.querySelector("#hits li .hit-code")?.textContent === ${JSON.stringify(code)}`, `${code} is not found`);
  await chromium.press("Enter");
  await chromium.until(`document.querySelector("#facts .facts-code")?.textContent === ${JSON.stringify(code)}`, `the card does not tell ${code}`);
  await chromium.until(`${READY} && ${RENDERED}.some((each) => each.code === ${JSON.stringify(code)})`, `${code} is not in view`);
  console.log(`${code} is found and in view`);
}

try {
  const points = await drawsParcels();
  await tellsTheClicked(points);
  await hidesAStatus();
  writeFileSync(picture, Buffer.from(await chromium.picture(), "base64"));
  await findsByCode(points[0]);
  assert.deepEqual(wrong, []);
  console.log("no other host was asked and the console is empty");
} finally {
  await chromium.end();
}
