// What the browser keeps between visits: past questions, the draft, the language; and the link that shares a question.
//
// Tokens are never kept: a question whose text or variables contain the token in use is not remembered nor shared.
// Storage may be forbidden or full; the page then works without.

const HISTORY_KEY = "yulin.history";
const DRAFT_KEY = "yulin.draft";
const LANGUAGE_KEY = "yulin.language";
/** Past questions kept, newest first. */
export const HISTORY_MAX = 60;
/** A longer link is refused: browsers and mail cut it. */
export const LINK_MAX = 30_000;
const LINK_MARK = "#ask=";

function load(key, storage) {
  try {
    return JSON.parse(storage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function save(key, value, storage) {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // Private windows and full disks refuse; nothing the page does depends on it.
  }
}

function isQuestion(value) {
  return value !== null && typeof value === "object" && typeof value.query === "string" && typeof value.variables === "string";
}

/** True when the question holds any of the secrets. */
export function holdsSecret(question, secrets) {
  const text = `${question.query}\n${question.variables}`;
  return secrets.some((secret) => secret.length >= 8 && text.includes(secret));
}

/** Past questions, newest first. */
export function pastQuestions(storage) {
  const kept = load(HISTORY_KEY, storage);
  return Array.isArray(kept) ? kept.filter(isQuestion).slice(0, HISTORY_MAX) : [];
}

/** Remembers a question { query, variables, at, outcome, milliseconds }; asked again, it moves to the front. */
export function remember(question, secrets, storage) {
  if (holdsSecret(question, secrets)) return;
  const others = pastQuestions(storage).filter((past) => past.query !== question.query || past.variables !== question.variables);
  save(HISTORY_KEY, [question, ...others].slice(0, HISTORY_MAX), storage);
}

/** Forgets all past questions. */
export function forgetAll(storage) {
  save(HISTORY_KEY, [], storage);
}

/** The text last being written, { query, variables }, or null. */
export function loadDraft(storage) {
  const draft = load(DRAFT_KEY, storage);
  return isQuestion(draft) ? draft : null;
}

/** Keeps the text being written. */
export function saveDraft(draft, secrets, storage) {
  if (!holdsSecret(draft, secrets)) save(DRAFT_KEY, draft, storage);
}

/** The language chosen, `zh` or `en`, or null. */
export function loadLanguage(storage) {
  const language = load(LANGUAGE_KEY, storage);
  return language === "zh" || language === "en" ? language : null;
}

/** Keeps the language chosen. */
export function saveLanguage(language, storage) {
  save(LANGUAGE_KEY, language, storage);
}

/** The fragment that carries a question, or null when it is too long or holds a secret. */
export function shareFragment(question, secrets) {
  if (holdsSecret(question, secrets)) return null;
  const bytes = new TextEncoder().encode(JSON.stringify([question.query, question.variables]));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const fragment = LINK_MARK + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return fragment.length <= LINK_MAX ? fragment : null;
}

/** The question in a fragment, or null when there is none. */
export function readFragment(fragment) {
  if (!fragment.startsWith(LINK_MARK) || fragment.length > LINK_MAX) return null;
  try {
    const binary = atob(fragment.slice(LINK_MARK.length).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const [query, variables] = JSON.parse(new TextDecoder().decode(bytes));
    const question = { query, variables };
    return isQuestion(question) ? question : null;
  } catch {
    return null;
  }
}
