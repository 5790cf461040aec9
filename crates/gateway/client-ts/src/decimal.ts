// Amounts between the whole base units of the ledger and the units in which they are shown, exactly.
//
// No number of JavaScript comes near them; to calculate with base units, take `BigInt(units)`.

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/u;

/** `12.5` of a unit with 6 decimals is `12500000` base units. What does not come out whole is a `RangeError`. */
export function toBaseUnits(shown: string, decimals: number): string {
  const [, sign = '', whole = '', fraction = ''] = DECIMAL.exec(shown) ?? fail(`${shown} is no decimal number`);
  const kept = fraction.replace(/0+$/u, '');
  if (kept.length > decimals) fail(`${shown} has more than ${decimals} decimals`);
  return String(BigInt(`${whole}${kept.padEnd(decimals, '0')}`) * (sign === '-' ? -1n : 1n));
}

/** `12500000` base units are `12.5` of a unit with 6 decimals. */
export function fromBaseUnits(units: string, decimals: number): string {
  const amount = BigInt(units);
  const digits = String(amount < 0n ? -amount : amount).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  const fraction = digits.slice(point).replace(/0+$/u, '');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, point)}${fraction === '' ? '' : `.${fraction}`}`;
}

function fail(why: string): never {
  throw new RangeError(why);
}
