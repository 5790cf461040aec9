// The README quotes the examples as they are.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');
const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gmsu)].map(([, code = '']) => code);
const examples = readdirSync(new URL('examples/', root)).filter((name) => name.endsWith('.ts'));

test('every example is quoted, and every block of code is an example', () => {
  const named = blocks.map((code) => /^\/\/ examples\/(\S+\.ts)/u.exec(code)?.[1] ?? code);
  assert.ok(examples.length >= 5);
  assert.deepEqual([...named].sort(), [...examples].sort());
});

for (const example of examples) {
  test(`the README quotes ${example} as it is`, () => {
    assert.ok(blocks.includes(readFileSync(new URL(`examples/${example}`, root), 'utf8')));
  });
}
