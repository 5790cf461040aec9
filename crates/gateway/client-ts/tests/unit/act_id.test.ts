// Ids of acts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newActId } from '@yulin/client';

test('an act id is a UUID of version 7', () => {
  for (let n = 0; n < 1_000; n += 1) {
    assert.match(newActId(), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
  }
});

test('an act id begins with its time, as the example of RFC 9562 does', () => {
  assert.ok(newActId(0x017f22e279b0).startsWith('017f22e2-79b0-7'));
});

test('act ids of later times sort later, and no two are the same', () => {
  const ids = Array.from({ length: 1_000 }, (_, n) => newActId(1_700_000_000_000 + n));
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(new Set(Array.from({ length: 1_000 }, () => newActId(7))).size, 1_000);
});
