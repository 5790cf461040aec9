// Amounts as one reads them. They arrive as decimal text and are grouped digit by digit, never through a float.

/** `9541.37` as `9,541.37`; cut, not rounded, to at most `decimals`. */
export function grouped(text, decimals = 2) {
  const [whole, part = ""] = String(text).split(".");
  const kept = part.slice(0, decimals).replace(/0+$/, "");
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return kept ? `${groups}.${kept}` : groups;
}

/** Mu for a narrow column: whole mu, or tens of thousands of them with two decimals, as { count, wan }. */
export function shortMu(text) {
  const whole = String(text).split(".")[0];
  if (whole.length <= 5) return { count: grouped(whole), wan: false };
  return { count: grouped(`${whole.slice(0, -4)}.${whole.slice(-4)}`), wan: true };
}

/** A share of one as text, empty for the whole. */
export function shareText({ numerator, denominator }) {
  return numerator === denominator ? "" : `${numerator}/${denominator}`;
}
