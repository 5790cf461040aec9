// Amounts in base units and as they are shown.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBaseUnits, toBaseUnits } from '@yulin/client';

const SAME: [shown: string, decimals: number, units: string][] = [
  ['0.4', 6, '400000'],
  ['5000000', 2, '500000000'],
  ['0.0001', 4, '1'],
  ['-1.5', 1, '-15'],
  ['7', 0, '7'],
  ['0', 3, '0'],
  // Beyond what a number of JavaScript can hold.
  ['92233720368547758.07', 2, '9223372036854775807'],
];

test('amounts are the same in base units and as shown, whatever their size', () => {
  for (const [shown, decimals, units] of SAME) {
    assert.equal(toBaseUnits(shown, decimals), units);
    assert.equal(fromBaseUnits(units, decimals), shown);
  }
});

test('zeros at the end change nothing', () => assert.equal(toBaseUnits('1.500', 2), '150'));

test('what is finer than a base unit, or no number, is refused', () => {
  assert.throws(() => toBaseUnits('0.001', 2), RangeError);
  for (const wrong of ['', '1e3', '.5', '1.', '0x10', '１']) assert.throws(() => toBaseUnits(wrong, 2), RangeError);
});
