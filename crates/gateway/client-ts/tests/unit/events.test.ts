// Following a feed through cuts, and refusing one with a gap.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { FeedGapError, YulinClient, type ClientOptions, type FeedBatch, type Place, type Retry } from '@yulin/client';
import { documentOf, failing, serve, stream, type Reply } from '../support/server.js';

const Follow = documentOf<{ events: FeedBatch }, { after?: string; feed?: string }>('subscription ($after: Seq, $feed: String) { events }');

/** A batch of events, each with the one before it. */
function batch(completeTo: number, ...events: [seq: number, previous: number | null][]) {
  const nodes = events.map(([seq, previous]) => ({ seq: String(seq), previousSeq: previous === null ? null : String(previous) }));
  return { data: { events: { nodes, completeTo: String(completeTo), feed: 'f' } } };
}
const error = (code: string) => ({ data: null, errors: [{ message: code, extensions: { code } }] });

interface Options extends Partial<ClientOptions> {
  place?: Place;
  silenceMaxMs?: number;
}

async function follow(test: TestContext, replies: [Reply, ...Reply[]], { place, silenceMaxMs, ...options }: Options = {}) {
  const { url, asked } = await serve(test, ...replies);
  const client = new YulinClient({ url, retry: { pauseMinMs: 1, pauseMaxMs: 2 }, ...options });
  const seqs: string[] = [];
  const places: Place[] = [];
  let thrown: unknown;
  try {
    for await (const told of client.events(Follow, {}, { place, silenceMaxMs })) {
      seqs.push(...told.nodes.map(({ seq }) => seq));
      places.push(told.place);
    }
  } catch (failure) {
    thrown = failure;
  }
  const asks = asked.map(({ body }) => (JSON.parse(body) as { variables: object }).variables);
  return { seqs, places, thrown, asks, asked };
}

test('after a cut it goes on from the last batch, and every event comes once', async (context) => {
  const cut = stream([batch(4, [2, null], [4, 2])], 'cut');
  const replies = [cut, failing('NOT_READY', 503), stream([batch(6)], 'cut'), stream([batch(9, [8, 4])], 'complete')] as const;
  const failures: number[] = [];
  const onRetry = ({ attempts }: Retry): number => failures.push(attempts);
  const { seqs, asks, asked, places, thrown } = await follow(context, [...replies], { onRetry });
  // Pauses grow until something is told again.
  assert.deepEqual(failures, [1, 2, 1]);
  assert.equal(thrown, undefined);
  assert.deepEqual(seqs, ['2', '4', '8']);
  assert.deepEqual(asks, [{ after: '0' }, { after: '4', feed: 'f' }, { after: '4', feed: 'f' }, { after: '6', feed: 'f' }]);
  assert.deepEqual(places.at(-1), { after: '9', feed: 'f', last: '8' });
  assert.match(asked[0]?.headers.accept ?? '', /^text\/event-stream/u);
});

test('a place that was written down is gone on from', async (context) => {
  const place = { after: '9', feed: 'f', last: '8' };
  const { seqs, asks } = await follow(context, [stream([batch(12, [11, 8])], 'complete')], { place });
  assert.deepEqual([seqs, asks], [['11'], [{ after: '9', feed: 'f' }]]);
});

test('an event that does not follow the last one is a gap, and so is one that was told before', async (context) => {
  const gaps: [Place, [number, number | null]][] = [
    [{ after: '9', last: '8' }, [11, 10]],
    [{ after: '9', last: '8' }, [11, null]],
    [{ after: '9', last: '8' }, [8, 8]],
    [{ after: '9' }, [11, 10]],
    [{ after: '0' }, [2, 1]],
  ];
  for (const [place, event] of gaps) {
    const { seqs, thrown } = await follow(context, [stream([batch(12, event)], 'complete')], { place });
    assert.ok(thrown instanceof FeedGapError, JSON.stringify(place));
    assert.deepEqual(seqs, []);
  }
});

test('one that begins in the middle is told of events that follow those before it', async (context) => {
  const { seqs } = await follow(context, [stream([batch(12, [11, 7])], 'complete')], { place: { after: '9' } });
  assert.deepEqual(seqs, ['11']);
});

test('a feed that has changed is for the caller to decide about', async (context) => {
  const { thrown, asked } = await follow(context, [stream([batch(4, [2, null]), error('FEED_CHANGED')], 'complete')]);
  assert.equal((thrown as { code?: string }).code, 'FEED_CHANGED');
  assert.equal(asked.length, 1);
});

test('a refusal before the stream is told with its code', async (context) => {
  const { thrown } = await follow(context, [failing('FORBIDDEN', 403)]);
  assert.equal((thrown as { code?: string }).code, 'FORBIDDEN');
});

test('a stream that falls silent is taken for cut', async (context) => {
  const replies: [Reply, ...Reply[]] = [stream([batch(4, [2, null])], 'silent'), stream([batch(5, [5, 2])], 'complete')];
  const { seqs } = await follow(context, replies, { silenceMaxMs: 100 });
  assert.deepEqual(seqs, ['2', '5']);
});

test('a comment is enough to keep a stream', async (context) => {
  const slow: Reply = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const comments = setInterval(() => response.write(':\n\n'), 50);
    setTimeout(() => {
      clearInterval(comments);
      response.write(`event: next\ndata: ${JSON.stringify(batch(4, [2, null]))}\n\n`);
      response.end('event: complete\ndata:\n\n');
    }, 1_200);
  };
  const { seqs, asked } = await follow(context, [slow], { silenceMaxMs: 600 });
  assert.deepEqual([seqs, asked.length], [['2'], 1]);
});

test('a token that ends is replaced by a new one, and one that never was good is not', async (context) => {
  const over = stream([batch(4, [2, null]), error('UNAUTHENTICATED')], 'complete');
  let tokens = 0;
  const token = (): string => `token ${(tokens += 1)}`;
  const { seqs, asked } = await follow(context, [over, stream([batch(5, [5, 2])], 'complete')], { token });
  assert.deepEqual(seqs, ['2', '5']);
  assert.deepEqual(asked.map(({ headers }) => headers.authorization), ['Bearer token 1', 'Bearer token 2']);
  const { thrown } = await follow(context, [over], { token: 'a key' });
  assert.equal((thrown as { code?: string }).code, 'UNAUTHENTICATED');
  const other = await follow(context, [failing('UNAUTHENTICATED', 401)], { token });
  assert.equal(other.asked.length, 1);
});

test('whoever stops closes the stream', async (context) => {
  let closed: (() => void) | undefined;
  const isClosed = new Promise<void>((resolve) => (closed = resolve));
  const open: Reply = (response, asked) => {
    response.on('close', () => closed?.());
    stream([batch(4, [2, null])], 'silent')(response, asked);
  };
  const { url } = await serve(context, open);
  for await (const { completeTo } of new YulinClient({ url }).events(Follow, {})) if (completeTo === '4') break;
  await isClosed;
  const controller = new AbortController();
  const events = new YulinClient({ url }).events(Follow, {}, { signal: controller.signal });
  await events.next();
  controller.abort(new Error('enough'));
  await assert.rejects(events.next(), /enough/u);
});
