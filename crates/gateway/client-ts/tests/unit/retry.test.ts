// What is sent again, when, and as what.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { RequestError, UnheardError, YulinClient, type ClientOptions, type Retry } from '@yulin/client';
import { pauseAfter, USUAL_RETRY } from '../../src/retry.js';
import { documentOf, failing, json, lost, serve, type Reply } from '../support/server.js';

const Question = documentOf<{ n: number }, object>('{ n }');
const Act = documentOf<{ n: number }, { act: { actId: string } }>('mutation ($act: A!) { n(act: $act) }');
const Webhook = documentOf<{ n: number }, object>('mutation { deleteWebhook(id: "1") }');
const answered = json({ data: { n: 1 }, extensions: { seq: 12 } });

async function clientOf(test: TestContext, replies: [Reply, ...Reply[]], options: Partial<ClientOptions> = {}) {
  const { url, asked } = await serve(test, ...replies);
  const retries: Retry[] = [];
  const retry = { pauseMinMs: 1, pauseMaxMs: 5, ...options.retry };
  return { client: new YulinClient({ url, onRetry: (one) => retries.push(one), ...options, retry }), asked, retries };
}

test('an act is sent again as it was until its outcome is known', async (context) => {
  const html: Reply = (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
  const half: Reply = (response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"data":', () => response.destroy());
  };
  const faults = [failing('BUSY'), failing('OUTCOME_UNKNOWN', 504), failing('RATE_LIMITED', 429), lost, html, half] as const;
  const { client, asked, retries } = await clientOf(context, [...faults, answered]);
  assert.deepEqual((await client.act(Act, { act: { actId: 'one' } })).data, { n: 1 });
  assert.equal(asked.length, faults.length + 1);
  assert.equal(new Set(asked.map(({ body }) => body)).size, 1);
  assert.deepEqual(retries.map(({ attempts }) => attempts), [1, 2, 3, 4, 5, 6]);
});

test('what carries no act id is sent again only when nothing was done', async (context) => {
  const { client, asked } = await clientOf(context, [failing('BUSY', 503), failing('RATE_LIMITED', 429), lost, answered]);
  await assert.rejects(client.act(Webhook), UnheardError);
  assert.equal(asked.length, 3);
  const partly = json({ data: { a: null }, errors: [{ message: 'busy', extensions: { code: 'BUSY' } }] });
  const other = await clientOf(context, [partly, answered]);
  await assert.rejects(other.client.act(Webhook), RequestError);
  assert.equal(other.asked.length, 1);
});

test('an error that will be the same is not asked for again', async (context) => {
  for (const code of ['UNAUTHENTICATED', 'FORBIDDEN', 'QUERY_INVALID', 'ID_REUSED', 'CURSOR_INVALID']) {
    const { client, asked } = await clientOf(context, [failing(code, 400), answered]);
    await assert.rejects(client.ask(Question), { code, isRetryable: false });
    assert.equal(asked.length, 1);
  }
});

test('a gateway that lags behind what was read is asked again', async (context) => {
  const lagging = json({ errors: [{ message: 'x', extensions: { code: 'AS_OF_BEYOND_HEAD', field: 'Yulin-Seq' } }] }, 400);
  const { client, asked } = await clientOf(context, [lagging, answered], { seq: '9' });
  await client.ask(Question);
  assert.deepEqual(asked.map(({ headers }) => headers['yulin-seq']), ['9', '9']);
});

test('a client waits at least as long as it is told, by the registry or by a proxy', async (context) => {
  const inTwoSeconds = new Date(Date.now() + 2_000).toUTCString();
  const proxy: Reply = (response) => response.writeHead(503, { 'retry-after': inTwoSeconds }).end('<h1>Busy</h1>');
  const told = json({ errors: [{ message: 'x', extensions: { code: 'RATE_LIMITED', facts: { retryAfterSeconds: 1 } } }] }, 429);
  const replies = [failing('RATE_LIMITED', 429, { 'retry-after': '1' }), told, proxy] as const;
  const rests = await Promise.all(replies.map(async (reply) => {
    const { client, retries } = await clientOf(context, [reply, answered]);
    const begun = performance.now();
    await client.ask(Question);
    const [{ error, pauseMs }] = retries as [Retry];
    assert.ok(error.restMs !== undefined && error.restMs <= pauseMs && performance.now() - begun >= pauseMs - 2);
    return error.restMs;
  }));
  assert.deepEqual(rests.slice(0, 2), [1_000, 1_000]);
  assert.ok(rests[2] !== undefined && rests[2] > 500);
});

test('whoever is told to wait too long is told so at once', async (context) => {
  const told = failing('RATE_LIMITED', 429, { 'retry-after': '3600' });
  const { client, asked } = await clientOf(context, [told, answered]);
  await assert.rejects(client.ask(Question), { code: 'RATE_LIMITED', restMs: 3_600_000, isRetryable: true });
  assert.equal(asked.length, 1);
});

test('attempts come to an end', async (context) => {
  const { client, asked } = await clientOf(context, [failing('BUSY')], { retry: { attemptsMax: 3 } });
  await assert.rejects(client.ask(Question), { code: 'BUSY' });
  assert.equal(asked.length, 3);
});

test('an attempt that takes too long is given up and made again', async (context) => {
  const never: Reply = () => undefined;
  const { client, asked, retries } = await clientOf(context, [never, answered], { timeoutMs: 50 });
  await client.ask(Question);
  assert.equal(asked.length, 2);
  assert.match(retries[0]?.error.message ?? '', /nothing was heard for 50 ms/u);
});

test('a caller who gives up hears his own reason, in an attempt or in a pause', async (context) => {
  const never: Reply = () => undefined;
  const reason = new Error('enough');
  for (const reply of [never, failing('RATE_LIMITED', 429, { 'retry-after': '50' })]) {
    const { client, asked } = await clientOf(context, [reply]);
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 100);
    await assert.rejects(client.ask(Question, {}, { signal: controller.signal }), reason);
    assert.equal(asked.length, 1);
  }
  const { client, asked } = await clientOf(context, [answered]);
  await assert.rejects(client.ask(Question, {}, { signal: AbortSignal.abort(reason) }), reason);
  assert.equal(asked.length, 0);
});

test('pauses double up to the longest, and half of each is left to chance', () => {
  for (let attempts = 1; attempts <= 12; attempts += 1) {
    const longest = Math.min(10_000, 100 * 2 ** (attempts - 1));
    const pauses = Array.from({ length: 200 }, () => pauseAfter(attempts, USUAL_RETRY));
    assert.ok(pauses.every((pause) => pause >= longest / 2 && pause <= longest));
    assert.ok(new Set(pauses).size > 100);
  }
});
