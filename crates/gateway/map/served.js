// What the registry serves of the map: its style, and for each source where the tiles lie and how far they reach.
//
// Read here and not by the drawing library, so that a fault is told in words and nothing but the page's own host is asked.

/** Something the registry answered in place of what was asked: its HTTP status, 0 where it was not reached at all. */
export class ServedFault extends Error {
  constructor(status) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

/** The style with its sources in full: { style, bounds }; bounds [west, south, east, north] are those of the parcels, or null. */
export async function fetchServed(address, key, fetcher = fetch) {
  const style = await readJson(address, key, fetcher);
  const told = await Promise.all(Object.entries(style.sources).map(async ([id, source]) => [id, await wholeSource(source, address, key, fetcher)]));
  const sources = Object.fromEntries(told);
  const parcels = sources[style.layers.find((layer) => layer["source-layer"] === "parcels")?.source];
  return { style: { ...style, sources }, bounds: boundsOr(parcels?.bounds) };
}

async function wholeSource(source, base, key, fetcher) {
  if (!source.url) return source;
  const address = ownAddress(source.url, base);
  const { tiles, bounds, minzoom, maxzoom } = await readJson(address, key, fetcher);
  const known = Object.fromEntries(Object.entries({ bounds, minzoom, maxzoom }).filter(([, value]) => value !== undefined));
  return { type: source.type, tiles: tiles.map((tile) => ownAddress(tile, address)), ...known, promoteId: "id" };
}

/** An address or a template of tiles on the page's own host, which behind a proxy may have told another name or protocol.
 * Braces of a template are kept, which addresses would escape. */
export function ownAddress(template, base) {
  const { pathname, search } = new URL(template, base);
  return (new URL(base).origin + pathname + search).replaceAll("%7B", "{").replaceAll("%7D", "}");
}

async function readJson(address, key, fetcher) {
  const headers = key ? { Authorization: `Bearer ${key}` } : {};
  let response;
  try {
    response = await fetcher(address, { headers, credentials: "omit" });
  } catch {
    throw new ServedFault(0);
  }
  if (!response.ok) throw new ServedFault(response.status);
  return response.json();
}

/** Bounds that enclose something; a registry without parcels has none. */
function boundsOr(bounds) {
  const good = Array.isArray(bounds) && bounds.length === 4 && bounds.every(Number.isFinite) && bounds[0] <= bounds[2] && bounds[1] <= bounds[3];
  return good ? bounds : null;
}
