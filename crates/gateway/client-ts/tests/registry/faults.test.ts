// The client against a running registry, with everything between them that goes wrong on a wire.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestError, YulinClient, type Retry } from '@yulin/client';
import { graphql } from '../../generated/index.js';
import { proxyTo } from '../support/proxy.js';
import { account, EventsAfter, head, keys, order, perform, until, url, venue } from '../support/registry.js';

const Holds = graphql(`
  subscription Holds($filter: EventFilterInput, $after: Seq, $feed: String) {
    events(filter: $filter, after: $after, feed: $feed) {
      nodes { seq previousSeq actId }
      completeTo
      feed
    }
  }
`);
const Parcels = graphql(`
  query Parcels($first: Int, $after: String) {
    parcels(first: $first, after: $after) {
      totalCount
      nodes { id }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const Dear = graphql(`
  query Dear {
    parcels(first: 500) {
      nodes {
        area { registered { squareMetres mu } surveyed { squareMetres mu } computed { squareMetres mu } }
        holders { party { id name } share { numerator denominator } }
      }
    }
  }
`);
const Names = graphql(`query Names { factors { code nameZh nameEn } }`);

test('an act whose reply is lost is sent again, and has the receipt of the first time', async (context) => {
  const proxy = await proxyTo(context, url);
  const retries: Retry[] = [];
  const client = venue({ url: proxy.url, onRetry: (retry) => retries.push(retry) });
  const before = await account('PJ-COD-4');
  const [asked, after] = [await order('PJ-COD-4', '1000'), await head()];
  proxy.loseReplyTo('placeHold(');
  const done = await perform(client, asked);
  assert.deepEqual(retries.map(({ error }) => error.name), ['UnheardError']);
  assert.equal(done.receipt.seq, String(BigInt(after) + 1n));
  assert.equal((await account('PJ-COD-4')).held, before.held + 1_000n);
  assert.deepEqual(await perform(venue(), asked), done);
  const { nodes } = (await venue().ask(EventsAfter, { after })).data.events;
  assert.deepEqual(nodes.map(({ actId }) => actId.replace('act:', '')), [asked.act.actId]);
});

test('a feed goes on through cuts in the middle of a stream, and misses and repeats nothing', async (context) => {
  const proxy = await proxyTo(context, url);
  const after = await head();
  const controller = new AbortController();
  const filter = { kinds: ['PLACE_HOLD' as const] };
  const seqs: string[] = [];
  const followed = (async () => {
    const place = { after };
    const options = { place, signal: controller.signal };
    for await (const { nodes } of venue({ url: proxy.url }).events(Holds, { filter }, options)) {
      seqs.push(...nodes.map(({ seq }) => seq));
    }
  })();
  const held: string[] = [];
  const hold = async (): Promise<void> => {
    held.push((await perform(venue(), await order('PJ-COD-5', '10'))).receipt.seq);
  };
  for (let round = 0; round < 3; round += 1) {
    await hold();
    await until('the event of an act', () => seqs.length === held.length);
    proxy.cut();
    await hold();
    await hold();
    proxy.mend();
    await until('the events during the cut', () => seqs.length >= held.length);
  }
  controller.abort(new Error('seen enough'));
  await assert.rejects(followed, /seen enough/u);
  assert.deepEqual(seqs, held);
  assert.ok(proxy.taken() >= 4);
});

test('a feed of another name is told as changed', async () => {
  const place = { after: await head(), feed: 'another' };
  await assert.rejects(venue().events(Holds, {}, { place }).next(), { code: 'FEED_CHANGED' });
});

test('whoever asks too much waits as long as he is told, and is answered', async () => {
  const retries: Retry[] = [];
  const client = new YulinClient({ url, onRetry: (retry) => retries.push(retry) });
  const answers = await Promise.all(Array.from({ length: 12 }, () => client.ask(Dear)));
  for (const { data, cost } of answers) {
    assert.equal(data.parcels.nodes.length, 500);
    assert.ok(cost && cost.actual > 500 && cost.allowance.left < cost.allowance.most);
  }
  assert.ok(retries.length > 0, 'the registry is served with --public-rate 10000/500');
  for (const { error, pauseMs } of retries) {
    assert.ok(error instanceof RequestError);
    assert.deepEqual([error.code, error.status], ['RATE_LIMITED', 429]);
    assert.ok(error.restMs !== undefined && error.restMs >= 1_000 && pauseMs >= error.restMs);
  }
});

test('every item of a list comes once, whatever is recorded meanwhile', async () => {
  const client = new YulinClient({ url, token: keys.planner });
  const ids = new Set<string>();
  let [count, total] = [0, 0];
  for await (const { nodes, totalCount } of client.pages(Parcels, { first: 500 }, ({ parcels }) => parcels)) {
    await perform(venue(), await order('PJ-COD-6', '10'));
    for (const { id } of nodes) ids.add(id);
    [count, total] = [count + nodes.length, totalCount];
  }
  assert.ok(total > 1_000);
  assert.deepEqual([ids.size, count], [total, total]);
});

test('no answer is older than what was written, and an entry that is not there is told', async () => {
  const client = venue();
  const { receipt } = await perform(client, await order('PJ-COD-7', '10'));
  assert.equal(client.seq, receipt.seq);
  const { seq } = await client.ask(Names);
  assert.ok(BigInt(seq ?? 0) >= BigInt(receipt.seq));
  const ahead = venue({ seq: String(BigInt(receipt.seq) + 1_000_000n), retry: { attemptsMax: 2, pauseMinMs: 1 } });
  await assert.rejects(ahead.ask(Names), { code: 'AS_OF_BEYOND_HEAD', field: 'Yulin-Seq', isRetryable: true });
});

test('errors tell their codes and their messages in both languages', async () => {
  await assert.rejects(venue({ token: 'yulin_none' }).ask(Names), (error) => {
    assert.ok(error instanceof RequestError);
    const { code, status, messages } = error;
    return code === 'UNAUTHENTICATED' && status === 401 && messages?.zh === '未提供有效凭证' && messages.en !== '';
  });
  await assert.rejects(venue({ role: 'ADMIN' }).ask(Names), { code: 'FORBIDDEN', facts: { granted: ['VENUE'] } });
  const { act, input } = await order('PJ-COD-8', '1.5');
  await assert.rejects(perform(venue(), { act, input }), { code: 'NUMBER_INVALID', field: 'amount', isRetryable: false });
  await assert.rejects(perform(venue(), { act, input: { ...input, amount: '999999999999' } }), { name: 'RefusedError', code: 'INSUFFICIENT' });
});
