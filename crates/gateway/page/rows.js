// Lists found in an answer, and their columns: the rows that the table shows and copies.
//
// Pure. Decimal amounts arrive as text and are compared digit by digit, never through a float.

/** A list of objects longer than this is shown in part by the table, which says so. */
export const ROWS_MAX = 2_000;
const COLUMNS_MAX = 40;
const DEPTH_MAX = 5;
/** How far into an answer lists and outlines are looked for. */
const SEARCH_DEPTH_MAX = 16;

/** Calls `visit(object, path)` for every object of the answer, outlines excepted. */
export function eachObject(value, visit, path = []) {
  if (value === null || typeof value !== "object" || path.length > SEARCH_DEPTH_MAX) return;
  if (!Array.isArray(value)) visit(value, path);
  for (const [key, inner] of Object.entries(value)) {
    if (key === "coordinates") continue;
    eachObject(inner, visit, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

/** The lists of objects of an answer: [{ path, rows }], connections' `nodes` and `edges` first. */
export function findLists(data) {
  const lists = [];
  eachObject(data, (object, path) => {
    const insideList = path.some((step) => typeof step === "number");
    if (insideList) return;
    for (const [key, value] of Object.entries(object)) {
      if (!isObjectList(value)) continue;
      const rows = key === "edges" ? value.map((edge) => edge?.node ?? edge) : value;
      lists.push({ path: [...path, key].join("."), rows: rows.filter(isPlainObject), first: key === "nodes" || key === "edges" });
    }
  });
  return lists.sort((a, b) => Number(b.first) - Number(a.first));
}

function isObjectList(value) {
  return Array.isArray(value) && value.some(isPlainObject);
}

function isPlainObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Column paths in the order in which the rows first name them. */
export function columnsOf(rows) {
  const columns = new Set();
  for (const row of rows.slice(0, ROWS_MAX)) collectColumns(row, "", 0, columns);
  return [...columns].slice(0, COLUMNS_MAX);
}

function collectColumns(object, prefix, depth, columns) {
  for (const [key, value] of Object.entries(object)) {
    const path = prefix + key;
    const opens = isPlainObject(value) && !isGeometry(value) && !isFraction(value) && depth < DEPTH_MAX;
    if (opens) collectColumns(value, `${path}.`, depth + 1, columns);
    else columns.add(path);
  }
}

/** True of a GeoJSON geometry. */
export function isGeometry(value) {
  return isPlainObject(value) && typeof value.type === "string" && (Array.isArray(value.coordinates) || Array.isArray(value.geometries));
}

/** The value at a column's path, undefined where the row has none. */
export function cell(row, path) {
  return path.split(".").reduce((value, key) => (isPlainObject(value) ? value[key] : undefined), row);
}

/** A cell as one line of text; outlines are named, not written out. */
export function cellText(value) {
  if (value === null || value === undefined) return "";
  if (isGeometry(value)) return `${value.type} (${countPositions(value.coordinates)})`;
  if (Array.isArray(value)) return value.map(cellText).join("; ");
  if (isFraction(value)) return `${value.numerator}/${value.denominator}`;
  if (isPlainObject(value)) return Object.values(value).map(cellText).filter(Boolean).join(" ");
  return String(value);
}

/** True of an exact share. */
function isFraction(value) {
  return isPlainObject(value) && isDecimal(value.numerator) && isDecimal(value.denominator);
}

function countPositions(coordinates) {
  if (!Array.isArray(coordinates)) return 0;
  if (typeof coordinates[0] === "number") return 1;
  return coordinates.reduce((sum, inner) => sum + countPositions(inner), 0);
}

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

/** True of a number or of text that is one. */
export function isDecimal(value) {
  return typeof value === "number" || (typeof value === "string" && DECIMAL.test(value));
}

/** Orders two cells: exact decimals as numbers, the rest as text. Neither may be empty. */
export function compareCells(a, b) {
  if (isDecimal(a) && isDecimal(b)) return compareDecimals(String(a), String(b));
  return cellText(a).localeCompare(cellText(b), "zh-Hans-CN", { numeric: true });
}

function compareDecimals(a, b) {
  // A number beyond 21 digits prints with an exponent; such a one was a float already.
  if (!DECIMAL.test(a) || !DECIMAL.test(b)) return Number(a) - Number(b);
  const scale = Math.max(fraction(a).length, fraction(b).length);
  const [x, y] = [scaled(a, scale), scaled(b, scale)];
  if (x === y) return 0;
  return x < y ? -1 : 1;
}

function fraction(text) {
  return text.split(".")[1] ?? "";
}

function scaled(text, scale) {
  return BigInt(text.replace(".", "") + "0".repeat(scale - fraction(text).length));
}

/** Rows ordered by one column, `direction` ascending or descending; empty cells are last both ways. */
export function sortRows(rows, path, direction) {
  const sign = direction === "descending" ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [cell(a, path), cell(b, path)];
    const [emptyX, emptyY] = [cellText(x) === "", cellText(y) === ""];
    if (emptyX || emptyY) return Number(emptyX) - Number(emptyY);
    return sign * compareCells(x, y);
  });
}

/** The table as tab-separated text, for a spreadsheet. */
export function tabText(rows, columns) {
  const line = (cells) => cells.map((text) => text.replace(/[\t\r\n]+/g, " ")).join("\t");
  return [line(columns), ...rows.map((row) => line(columns.map((path) => cellText(cell(row, path)))))].join("\n");
}
