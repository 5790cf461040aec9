// Which parcels are shown: those whose stock status the legend does not hide.

/** A layer's own filter, and none of the hidden statuses; null stands for parcels without one. */
export function withoutHidden(filter, hidden) {
  const names = [...hidden].map((status) => status ?? "");
  const rest = ["!", ["in", ["coalesce", ["get", "stockStatus"], ""], ["literal", names]]];
  return filter ? ["all", filter, rest] : rest;
}
