// Which documents may be sent twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, print } from 'graphql';
import { YulinClient } from '@yulin/client';
import { documentOf, json, lost, serve } from '../support/server.js';

const REPEATABLE = [
  'mutation ($act: ActEnvelopeInput!) { placeHold(act: $act, input: { account: "a" }) { __typename } }',
  'mutation ($act: A!, $in: I = { act: 1 }) { one: placeHold(input: $in, act: $act) { x } two: releaseHold(act: $b) { x } }',
  'mutation { performAll(acts: []) { ... on ActDone { changed } } __typename }',
  '# {\nmutation M($act: A!) @x { a(act: $act, reason: "){") { ...F } } fragment F on ActDone { changed }',
  'fragment F on ActDone { changed } mutation { a(reason: """} \\""" {""", act: { actId: "1" }) { ...F } }',
];
const NOT_REPEATABLE = [
  'mutation { createWebhook(input: { url: "act: 1" }) { secret } }',
  'mutation { a(act: $act) { x } createWebhook(input: {}) { act: secret } }',
  'mutation { createWebhook(input: {}) { secret } a(act: $act) { x } }',
  'mutation { act: deleteWebhook(id: "x") }',
  'mutation { ...Acts } fragment Acts on Mutation { a(act: $act) { x } }',
  'mutation { createWebhook(input: { act: 1, acts: [{ act: 2 }] }) { x(act: 1) } }',
];

async function timesSent(test: Parameters<typeof serve>[0], text: string): Promise<number> {
  const { url, asked } = await serve(test, lost, json({ data: {} }));
  const client = new YulinClient({ url, retry: { pauseMinMs: 1 } });
  await client.act(documentOf(text)).catch(() => undefined);
  return asked.length;
}

test('a mutation of acts is sent again when its answer is lost', async (context) => {
  for (const text of REPEATABLE) assert.equal(await timesSent(context, text), 2, text);
});

test('a mutation of anything else is not', async (context) => {
  for (const text of NOT_REPEATABLE) assert.equal(await timesSent(context, text), 1, text);
});

test('each kind of operation has its own method, and a document has one operation', async () => {
  const client = new YulinClient({ url: 'http://127.0.0.1:9/' });
  await assert.rejects(client.ask(documentOf('mutation { a(act: $act) }')), /a query is wanted, this is a mutation/u);
  await assert.rejects(client.act(documentOf('{ act }')), /a mutation is wanted, this is a query/u);
  await assert.rejects(client.ask(documentOf('query A { a } query B { b }')), /one operation, this one 2/u);
});

test('a document that is a tree is printed by what the client is given', async (context) => {
  const { url, asked } = await serve(context, json({ data: { a: 1 } }));
  const tree = parse('query A { a }');
  const given = documentOf<{ a: number }, object>(tree as never);
  assert.equal((await new YulinClient({ url, print }).ask(given)).data.a, 1);
  assert.match(asked[0]?.body ?? '', /query A \{\\n {2}a\\n\}/u);
  await assert.rejects(new YulinClient({ url }).ask(given), /give the client `print`/u);
});
