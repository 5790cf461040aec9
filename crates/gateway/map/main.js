// Puts the map page together: who asks, what is served, what is drawn, what is said of it.
//
// The key lives in its field and in this tab's storage. Nothing is asked of any other host.

import "./words.js";
import { readConfig } from "../page/config.js";
import { byId } from "../page/dom.js";
import { currentLanguage, onLanguage, preferredLanguage, speak, t } from "../page/i18n.js";
import { loadLanguage, saveLanguage } from "../page/memory.js";
import { boundsOf, shapeOf } from "../page/outlines.js";
import { writeScale, writeTip } from "./around.js";
import { Canvas, hasLibrary } from "./canvas.js";
import { mapColours } from "./colours.js";
import { FactsCard } from "./facts.js";
import { faultWords, statusWords, waitAfter } from "./faults.js";
import { Identity } from "./identity.js";
import { Labels } from "./labels.js";
import { Layers } from "./layers.js";
import { Legend } from "./legend.js";
import { News } from "./news.js";
import { Notice } from "./notice.js";
import { Questions } from "./questions.js";
import { Search } from "./search.js";
import { ServedFault, fetchServed } from "./served.js";

const config = readConfig(byId("yulin-config").textContent);
const storage = openStorage("localStorage") ?? { getItem: () => null, setItem: () => {} };
const notice = new Notice(byId("told"));
const labels = new Labels();
const identity = new Identity(config.tokens, openStorage("sessionStorage"), changeKey);
const questions = new Questions(config.endpoint, () => identity.key);
const legend = new Legend(dress);
const layers = new Layers(labels, dress);
const card = new FactsCard({ labels, secrets, onClose: closeCard, onGoTo: goTo });
const news = new News(lookForNews);
let canvas = null;
let seq = null;
let chosen = null;
let loads = 0;
let toldOfNews = "";

/** Storage that the browser may withhold. */
function openStorage(name) {
  try {
    return window[name];
  } catch {
    return null;
  }
}

/** Everything that must not stand in a link. */
function secrets() {
  return [identity.key, ...config.tokens.map((each) => each.token)].filter(Boolean);
}

function look() {
  return { colours: mapColours(document.body), hidden: legend.hidden, off: layers.off };
}

function dress() {
  canvas?.wear(look());
}

/** Reads what is served to the key and draws it; says in words what hinders it, and tries again where that may help. */
async function load() {
  const mine = ++loads;
  try {
    const served = await fetchServed(new URL("tiles/style.json", location.href.split("#")[0]).href, identity.key);
    if (mine !== loads) return;
    notice.clear();
    if (canvas) canvas.serve(served, identity.key, look());
    else draw(served);
  } catch (fault) {
    if (mine === loads) failed(fault instanceof ServedFault ? fault.status : null, fault, load);
  }
}

function draw(served) {
  if (!hasLibrary()) return notice.say(t("mapNoLibrary"));
  const on = { picked, hovered: writeTip, failed: (status, error) => failed(status, error, () => canvas.renew(seq)), settled, moved };
  try {
    canvas = new Canvas(byId("map"), { served, look: look(), key: identity.key, seq, on });
  } catch (error) {
    // The library throws where WebGL is not to be had.
    console.error(error);
    return notice.say(t("mapNoWebgl"));
  }
  // For those who look from outside: tests and the browser's console.
  globalThis.yulinMap = canvas.map;
  writeCanvas();
  moved();
  return undefined;
}

function failed(status, error, again) {
  if (status === null) return console.error(error);
  return notice.say(statusWords(status), waitAfter(status), again);
}

function settled() {
  layers.see(canvas.zoneKinds());
  document.body.dataset.ready = "true";
}

function moved() {
  writeScale(canvas.scale());
}

async function picked(parcel, isByKey) {
  if (!parcel) return closeCard();
  await showFacts(parcel);
  return isByKey ? card.focus() : undefined;
}

/** Asks for the facts of a parcel of which the id is known, and maybe name and code. */
async function showFacts(known) {
  const { id } = known;
  chosen = id;
  canvas?.choose(id);
  card.wait(known);
  const { data, fault } = await questions.facts(id);
  if (chosen !== id) return;
  if (fault) card.tell(faultWords(fault));
  else if (data.parcel) card.show(data.parcel);
  else card.tell(t("mapNoParcel"));
}

function closeCard() {
  chosen = null;
  canvas?.choose(null);
  if (card.hide()) canvas?.focus();
}

function hit(parcel) {
  showFacts(parcel);
  goTo(parcel);
}

function goTo(parcel) {
  const shape = shapeOf(parcel.footprint);
  if (!shape) return notice.say(t("mapHitWithout"));
  const { minX, minY, maxX, maxY } = boundsOf([shape]);
  return canvas?.showBox([minX, minY, maxX, maxY], card.covers());
}

/** Counts, and what has been entered since; tiles are renewed where something has. Answers the seconds to wait, or null. */
async function lookForNews() {
  const answer = await questions.news();
  if (answer.fault) return sayFault(answer.fault);
  notice.clear(toldOfNews);
  legend.take(answer.data.parcels.facets.byStatus);
  const changed = seq !== null && answer.seq !== seq;
  seq = answer.seq;
  writeAsOf();
  if (changed) {
    canvas?.renew(seq);
    renewFacts();
  }
  return null;
}

/** The chosen parcel may be among what changed. */
async function renewFacts() {
  const id = chosen;
  if (id === null) return;
  const { data } = await questions.facts(id);
  if (chosen === id && data?.parcel) card.show(data.parcel);
}

function sayFault(fault) {
  toldOfNews = faultWords(fault);
  notice.say(toldOfNews);
  return waitAfter(fault.status, fault.error?.more.retryAfterSeconds);
}

async function changeKey() {
  closeCard();
  await Promise.all([readLabels(), lookForNews(), load()]);
}

async function readLabels() {
  const { data } = await questions.labels();
  if (data) labels.take(data);
  layers.write();
}

function writeAsOf() {
  byId("as-of").textContent = seq === null ? "" : t("mapAsOf", { seq });
}

function writeCanvas() {
  document.querySelector("#map canvas")?.setAttribute("aria-label", t("mapCanvas"));
}

function writeWords() {
  byId("language").textContent = t("otherLanguage");
  byId("language").lang = currentLanguage() === "zh" ? "en" : "zh-Hans";
  byId("zone-name").textContent = config.zoneName;
  [legend, layers, identity, card].forEach((part) => part.write());
  writeAsOf();
  writeCanvas();
  if (canvas) moved();
}

function turnLanguage() {
  const next = currentLanguage() === "zh" ? "en" : "zh";
  saveLanguage(next, storage);
  speak(next);
}

/** On a narrow screen the legend covers the map and is opened when it is wanted. */
function turnSide() {
  const open = byId("side").classList.toggle("open");
  byId("side-turn").setAttribute("aria-expanded", String(open));
}

function listen() {
  byId("language").addEventListener("click", turnLanguage);
  byId("side-turn").addEventListener("click", turnSide);
  byId("zoom-in").addEventListener("click", () => canvas?.zoomBy(1));
  byId("zoom-out").addEventListener("click", () => canvas?.zoomBy(-1));
  byId("zoom-all").addEventListener("click", () => canvas?.showAll());
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);
}

async function start() {
  byId("demo-stamp").hidden = !config.demo;
  byId("to-query").hidden = !config.queryPage;
  onLanguage(writeWords);
  listen();
  speak(loadLanguage(storage) ?? preferredLanguage(navigator.languages ?? [navigator.language ?? "en"]));
  new Search((text, signal) => questions.find(text, signal), hit);
  notice.say(t("mapLoading"));
  readLabels();
  await lookForNews();
  await load();
  news.start();
}

start();
