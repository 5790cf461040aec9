// Puts the page together: reads what the registry told it, joins question, answer, reference and memory.
//
// The token lives in its field and in memory only. Nothing is sent before the reader asks, but for the schema.

import { AnswerPane } from "./answer_pane.js";
import { readConfig } from "./config.js";
import { Reference } from "./docs.js";
import { byId, copyText, el } from "./dom.js";
import { currentLanguage, onLanguage, preferredLanguage, speak, t } from "./i18n.js";
import { uuidV7 } from "./ids.js";
import { forgetAll, loadDraft, loadLanguage, pastQuestions, readFragment, remember, saveDraft, saveLanguage, shareFragment } from "./memory.js";
import { QuestionPane } from "./question_pane.js";
import { ask } from "./request.js";
import { fetchSchema } from "./schema.js";
import { drawExamples, drawHistory } from "./side_lists.js";
import { splitter } from "./splitter.js";
import { Tabs } from "./tabs.js";

const DRAFT_DELAY_MS = 400;
const SCHEMA_DELAY_MS = 600;
/** The roles a visitor starts as, the first that the registry offers. */
const FIRST_ROLES = ["PLANNER", "ZONE_OFFICER", "PUBLIC"];

const config = readConfig(byId("yulin-config").textContent);
const storage = openStorage();
const reference = new Reference(byId("panel-reference"), () => loadSchema());
const question = new QuestionPane({ onRun: run, onChange: keepDraft, onLookUp: lookUp });
const answer = new AnswerPane({ onPlace: goToPlace, onArea: askArea, stamp: config.demo ? "demoData" : null });
const sideTabs = new Tabs(byId("side-tabs"));
let running = null;
let draftTimer = 0;
let schemaTimer = 0;
let schemaAsked = 0;

/** Storage that the browser may withhold; then nothing is kept. */
function openStorage() {
  try {
    return window.localStorage;
  } catch {
    return { getItem: () => null, setItem: () => {} };
  }
}

function token() {
  return byId("token").value.trim();
}

/** Everything that must not be kept or shared. */
function secrets() {
  return [token(), ...config.tokens.map((each) => each.token)].filter(Boolean);
}

async function run() {
  const asked = question.question();
  showRoom("reply");
  if (!asked.operation) return answer.say(t("emptyQuery"), "attention");
  if (asked.fault) return answer.say(t("badVariables"), "attention");
  running?.abort();
  const control = new AbortController();
  running = control;
  setRunning(control);
  answer.wait();
  const { query, variables, operation, variablesText } = asked;
  const got = await ask({ endpoint: config.endpoint, token: token(), query, variables, operationName: operation.name, signal: control.signal });
  if (running !== control) return undefined; // a newer question took its place
  setRunning(null);
  answer.show(got, operation, variables);
  question.markErrors(answer.errors?.flatMap((each) => each.places) ?? []);
  if (got.outcome === "answered") keepPast({ query, variables: variablesText, at: Date.now(), milliseconds: got.milliseconds });
  return undefined;
}

function setRunning(control) {
  running = control;
  byId("cancel").disabled = control === null;
  byId("run").classList.toggle("busy", control !== null);
}

function runQuestion(chosen) {
  fill(chosen);
  run();
}

function fill(chosen) {
  question.fill(chosen);
  showRoom("ask");
}

function keepPast(past) {
  remember(past, secrets(), storage);
  drawPast();
}

function keepDraft() {
  clearTimeout(draftTimer);
  draftTimer = setTimeout(keepDraftNow, DRAFT_DELAY_MS);
}

function keepDraftNow() {
  const { query, variablesText } = question.question();
  saveDraft({ query, variables: variablesText }, secrets(), storage);
}

function goToPlace(place) {
  showRoom("ask");
  question.goTo(place);
}

/** A box drawn on the map becomes the query's area, and the question is asked again. */
function askArea(polygon) {
  const name = question.areaVariable();
  if (!name) return answer.say(t("askAreaNone"), "attention");
  if (!question.setVariable(name, polygon)) return answer.say(t("badVariables"), "attention");
  return run();
}

function lookUp(type, name) {
  sideTabs.show("tab-reference");
  showRoom("side");
  reference.open(type, name);
}

async function loadSchema() {
  const mine = ++schemaAsked;
  reference.take(null, "referenceLoading");
  const send = async (query) => (await ask({ endpoint: config.endpoint, token: token(), query })).body;
  let schema = null;
  try {
    schema = await fetchSchema(send);
  } catch {
    // Told by the notice below; the editor goes on without completion.
  }
  if (mine !== schemaAsked) return;
  reference.take(schema, "referenceNone");
  question.takeSchema(schema);
}

function drawPast() {
  drawHistory(pastQuestions(storage), { onFill: fill, onForget: forgetPast });
}

function forgetPast() {
  forgetAll(storage);
  drawPast();
}

async function share() {
  const { query, variablesText } = question.question();
  const fragment = shareFragment({ query, variables: variablesText }, secrets());
  if (!fragment) return answer.say(t("shareCannot"), "attention");
  const link = location.href.split("#")[0] + fragment;
  if ((await copyText(link)) === t("copied")) return answer.say(t("shared"));
  history.replaceState(null, "", fragment);
  return answer.say(t("shareAddress"));
}

/** On a narrow screen one part shows at a time. */
function showRoom(room) {
  byId("desk").dataset.room = room;
  byId("rooms").querySelectorAll("button").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.room === room)));
}

function offerRoles() {
  byId("role-field").hidden = config.tokens.length === 0;
  const chosen = byId("role").value;
  const options = config.tokens.map(({ role }, i) => el("option", { value: String(i) }, role));
  byId("role").replaceChildren(...options, el("option", { value: "" }, t("roleOwn")));
  byId("role").value = chosen;
}

function takeRole() {
  byId("token").value = config.tokens[Number(byId("role").value)]?.token ?? "";
  if (byId("role").value === "") {
    byId("token").value = "";
    byId("token").focus();
  }
  laterLoadSchema();
}

/** Roles may see different parts of the schema, so it is read again once the token rests. */
function laterLoadSchema() {
  clearTimeout(schemaTimer);
  schemaTimer = setTimeout(loadSchema, SCHEMA_DELAY_MS);
}

function startAsFirstRole() {
  if (config.tokens.length === 0) return;
  const places = FIRST_ROLES.map((role) => config.tokens.findIndex((each) => each.role === role));
  const place = places.find((each) => each >= 0) ?? 0;
  byId("role").value = String(place);
  byId("token").value = config.tokens[place].token;
}

function showToken() {
  const masked = byId("token").classList.toggle("masked");
  byId("token-show").setAttribute("aria-pressed", String(!masked));
}

function writeWords() {
  byId("language").textContent = t("otherLanguage");
  byId("language").lang = currentLanguage() === "zh" ? "en" : "zh-Hans";
  byId("zone-name").textContent = config.zoneName;
  drawExamples(config.examples, { onRun: runQuestion, onFill: fill });
  drawPast();
  offerRoles();
  reference.draw();
  question.write();
  answer.write();
}

function turnLanguage() {
  const next = currentLanguage() === "zh" ? "en" : "zh";
  saveLanguage(next, storage);
  speak(next);
}

function listen() {
  byId("run").addEventListener("click", run);
  byId("cancel").addEventListener("click", () => running?.abort());
  byId("prettify").addEventListener("click", () => question.prettify() || answer.say(t("prettifyCannot"), "attention"));
  byId("new-id").addEventListener("click", () => question.insert(uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(16)))));
  byId("share").addEventListener("click", share);
  byId("role").addEventListener("change", takeRole);
  byId("token").addEventListener("input", () => {
    byId("role").value = "";
    laterLoadSchema();
  });
  byId("token-show").addEventListener("click", showToken);
  byId("language").addEventListener("click", turnLanguage);
  byId("rooms").addEventListener("click", (event) => event.target.dataset.room && showRoom(event.target.dataset.room));
  window.addEventListener("hashchange", openLink);
  window.addEventListener("pagehide", keepDraftNow);
}

/** Fills in the question of the address's fragment, which is never run by itself; true when there was one. */
function openLink() {
  const linked = readFragment(location.hash);
  if (!linked) return false;
  fill(linked);
  // The fragment has done its work; left standing, it would undo later edits at the next reload.
  history.replaceState(null, "", location.pathname + location.search);
  answer.say(t("fromLink"));
  return true;
}

function start() {
  byId("demo-stamp").hidden = !config.demo;
  onLanguage(writeWords);
  listen();
  splitter(byId("splitter"), byId("desk"));
  speak(loadLanguage(storage) ?? preferredLanguage(navigator.languages ?? [navigator.language ?? "en"]));
  startAsFirstRole();
  const first = loadDraft(storage) ?? config.examples[0];
  if (!openLink() && first) question.fill(first);
  loadSchema();
}

start();
