// What the editor's keys do to a text: indenting, pairing brackets, breaking lines. Pure decisions.
//
// An edit is { from, to, insert, caret, end }: replace from..to by insert, then select caret..end. editor.js applies it
// through the browser's own editing, so that undo keeps working.

const PAIRS = { "(": ")", "[": "]", "{": "}", '"': '"' };
const INDENT = "  ";

/** The edit for a typed character, or null when the browser's own answer is right. */
export function typeCharacter(text, from, to, character) {
  const next = text[to] ?? "";
  if (from === to && next === character && Object.values(PAIRS).includes(character)) {
    return { from, to, insert: "", caret: from + 1, end: from + 1 };
  }
  const closer = PAIRS[character];
  if (!closer) return null;
  if (from !== to) {
    return { from, to, insert: character + text.slice(from, to) + closer, caret: from + 1, end: to + 1 };
  }
  const roomAfter = next === "" || /[\s)\]},]/.test(next);
  const before = text[from - 1] ?? "";
  const quoteInWord = character === '"' && /[\w"\\]/.test(before);
  if (!roomAfter || quoteInWord) return null;
  return { from, to, insert: character + closer, caret: from + 1, end: from + 1 };
}

/** Backspace between the two of a pair takes both. */
export function backspace(text, from, to) {
  if (from !== to || from === 0) return null;
  const closer = PAIRS[text[from - 1]];
  if (!closer || text[from] !== closer) return null;
  return { from: from - 1, to: from + 1, insert: "", caret: from - 1, end: from - 1 };
}

/** Enter keeps the indent, and between brackets opens a line of its own. */
export function breakLine(text, from, to) {
  const lineStart = text.lastIndexOf("\n", from - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart, from))[0];
  const opens = ["{", "(", "["].includes(text[from - 1]);
  const closes = opens && text[to] === PAIRS[text[from - 1]];
  const inner = `\n${indent}${opens ? INDENT : ""}`;
  const caret = from + inner.length;
  return { from, to, insert: closes ? `${inner}\n${indent}` : inner, caret, end: caret };
}

/** Tab: two spaces, or all selected lines one level in. */
export function indent(text, from, to) {
  if (!text.slice(from, to).includes("\n")) return { from, to, insert: INDENT, caret: from + 2, end: from + 2 };
  return eachLine(text, from, to, (line) => (line ? INDENT + line : line));
}

/** Shift+Tab: the line or lines one level out. */
export function outdent(text, from, to) {
  return eachLine(text, from, to, (line) => line.replace(/^ {1,2}|^\t/, ""));
}

/** Ctrl+/: the lines become comments, or stop being so when all are. */
export function toggleComment(text, from, to) {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const lines = text.slice(start, lineEnd(text, from, to)).split("\n").filter((line) => line.trim());
  const all = lines.length > 0 && lines.every((line) => /^\s*#/.test(line));
  const change = (line) => (all ? line.replace(/^(\s*)# ?/, "$1") : line.replace(/^(\s*)(?=\S)/, "$1# "));
  return eachLine(text, from, to, change);
}

function lineEnd(text, from, to) {
  const last = to > from && text[to - 1] === "\n" ? to - 1 : to;
  const end = text.indexOf("\n", last);
  return end < 0 ? text.length : end;
}

function eachLine(text, from, to, change) {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const end = lineEnd(text, from, to);
  const insert = text.slice(start, end).split("\n").map(change).join("\n");
  const grown = insert.length - (end - start);
  if (from === to) {
    const caret = Math.max(start, from + grown);
    return { from: start, to: end, insert, caret, end: caret };
  }
  return { from: start, to: end, insert, caret: start, end: start + insert.length };
}
