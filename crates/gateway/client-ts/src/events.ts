// Following a feed over server-sent events, from stream to stream, until it completes or its caller stops.

import { answerOf, read } from './answer.js';
import { RequestError, UnheardError, YulinError } from './errors.js';
import { advanced, type FeedBatch, type Place } from './feed.js';
import { rest, Watch, type Patience } from './retry.js';
import { messages } from './sse.js';
import { questionOf, type Wire } from './wire.js';

/** A piece of a feed with the place after it. */
export type Told<Batch extends FeedBatch> = Batch & { readonly place: Place };

/** What is followed, and how. */
export interface Following {
  readonly text: string;
  readonly variables: object;
  readonly silenceMaxMs: number;
  /** Whether a token that has ended can be had anew. */
  readonly hasNewTokens: boolean;
}

/** The batches of a feed from a place on. After a cut it goes on from the last batch that was taken. */
export async function* follow<Batch extends FeedBatch>(
  wire: Wire,
  following: Following,
  begun: Place,
  patience: Patience,
): AsyncGenerator<Told<Batch>, void> {
  let place = begun;
  let failures = 0;
  let isNew = true;
  for (;;) {
    try {
      isNew = true;
      for await (const batch of stream<Batch>(wire, following, place, patience.signal)) {
        place = advanced(place, batch);
        failures = 0;
        isNew = false;
        yield { ...batch, place };
      }
      return;
    } catch (error) {
      const isOver = !isNew && following.hasNewTokens && error instanceof RequestError && error.code === 'UNAUTHENTICATED';
      if (!(error instanceof YulinError) || !(error.isRetryable || isOver)) throw error;
      failures += 1;
      await rest(error, failures, patience);
    }
  }
}

/** The batches of one stream; one that ends without `complete` was cut. */
async function* stream<Batch extends FeedBatch>(
  wire: Wire,
  { text, variables, silenceMaxMs }: Following,
  { after, feed }: Place,
  signal: AbortSignal | undefined,
): AsyncGenerator<Batch, void> {
  const watch = new Watch(signal, silenceMaxMs);
  try {
    const response = await wire.send(questionOf(text, { ...variables, after, feed }, 'events'), watch.signal);
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (!isStream || response.body === null) {
      await answerOf(response);
      throw new UnheardError('the answer is no stream', { status: response.status });
    }
    for await (const { event, data } of messages(response.body, () => watch.heard())) {
      if (event === 'complete') return;
      if (event === 'next') yield read<{ events: Batch }>(data, response.status).data.events;
    }
    throw new UnheardError('the stream was cut');
  } catch (error) {
    throw watch.meaningOf(error);
  } finally {
    watch.end();
  }
}
