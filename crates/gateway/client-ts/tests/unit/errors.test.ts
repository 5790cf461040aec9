// What errors tell, and what requests carry.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { done, RefusedError, RequestError, UnheardError, YulinClient } from '@yulin/client';
import { documentOf, json, serve } from '../support/server.js';

const Question = documentOf<{ n: number }, object>('{ n }');
const retry = { pauseMinMs: 1, attemptsMax: 2 };

test('an error tells its code, messages, field, facts and reference', async (context) => {
  const messages = { zh: '系统内部故障', en: 'Internal fault' };
  const facts = { reference: 'f00d' };
  const extensions = { code: 'INTERNAL', messages, field: 'x', facts };
  const { url, asked } = await serve(context, json({ data: { n: null }, errors: [{ message: 'no', path: ['n'], extensions }] }));
  const error = await new YulinClient({ url, retry }).ask(Question).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof RequestError);
  const { code, field, reference, status, data, errors } = error;
  assert.deepEqual([code, field, reference, status, data], ['INTERNAL', 'x', 'f00d', 200, { n: null }]);
  assert.deepEqual(error.messages, messages);
  assert.deepEqual(errors[0]?.path, ['n']);
  assert.match(error.message, /INTERNAL: no/u);
  assert.equal(asked.length, 1);
});

test('a fault of which nothing came is asked for again', async (context) => {
  const fault = json({ data: null, errors: [{ message: 'no', extensions: { code: 'INTERNAL' } }] });
  const { url } = await serve(context, fault, json({ data: { n: 1 } }));
  assert.deepEqual((await new YulinClient({ url, retry }).ask(Question)).data, { n: 1 });
});

test('an answer that is none of the registry is told as such', async (context) => {
  const { url } = await serve(context, (response) => response.writeHead(404).end('not here'));
  await assert.rejects(new YulinClient({ url, retry }).ask(Question), (error) => {
    assert.ok(error instanceof UnheardError);
    return error.status === 404 && !error.isRetryable;
  });
});

test('a lost connection keeps its cause', async () => {
  await assert.rejects(new YulinClient({ url: 'http://127.0.0.1:1/', retry }).ask(Question), (error) => {
    assert.ok(error instanceof UnheardError);
    return error.isRetryable && error.cause instanceof Error;
  });
});

test('a request carries key, role, headers and the newest entry that was heard of', async (context) => {
  const answer = (seq: number) => json({ data: { n: 1 }, extensions: { seq } });
  const { url, asked } = await serve(context, answer(7), answer(5), answer(10));
  const tokens = ['a', 'b', 'c'];
  const token = async (): Promise<string> => tokens[asked.length] ?? '';
  const client = new YulinClient({ url, token, role: 'PLANNER', headers: { 'yulin-fault': 'none' } });
  assert.equal(client.seq, undefined);
  for (let n = 0; n < 3; n += 1) await client.ask(Question);
  const told = asked.map(({ headers }) => [headers.authorization, headers['yulin-role'], headers['yulin-fault'], headers['yulin-seq']]);
  const expected = [['Bearer a', undefined], ['Bearer b', '7'], ['Bearer c', '7']];
  assert.deepEqual(told, expected.map(([secret, seq]) => [secret, 'PLANNER', 'none', seq]));
  assert.equal(client.seq, '10');
});

test('an act that was recorded is done, one that was refused is thrown, a dry run is neither', () => {
  type Payload = { __typename: 'ActDone'; seq: string } | { __typename: 'ActRefused'; code: 'BUSY' } | { __typename: 'ActPreview' };
  const payload = (one: Payload): Payload => one;
  assert.equal(done(payload({ __typename: 'ActDone', seq: '3' })).seq, '3');
  assert.throws(() => done(payload({ __typename: 'ActRefused', code: 'BUSY' })), (error) => {
    assert.ok(error instanceof RefusedError);
    return error.code === 'BUSY';
  });
  assert.throws(() => done(payload({ __typename: 'ActPreview' })), TypeError);
  assert.throws(() => done(null), TypeError);
});
