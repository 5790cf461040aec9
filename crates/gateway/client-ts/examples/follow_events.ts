// examples/follow_events.ts [FILE]: follows what is held and settled, and goes on where it stopped, after a crash too.

import { readFile, rename, writeFile } from 'node:fs/promises';
import { YulinClient, type Place } from '@yulin/client';
import { graphql } from '../generated/index.js';
import { tell } from './tell.js';

const Trade = graphql(`
  subscription Trade($filter: EventFilterInput, $after: Seq, $feed: String) {
    events(filter: $filter, after: $after, feed: $feed) {
      nodes { seq previousSeq kind actId subjects }
      completeTo
      feed
    }
  }
`);

const { YULIN_URL = 'http://127.0.0.1:8080/graphql', YULIN_KEY } = process.env;
const [, , file = 'place.json'] = process.argv;
const client = new YulinClient({
  url: YULIN_URL,
  token: YULIN_KEY,
  onRetry: ({ error, pauseMs }) => console.error(`${error.message}; again in ${Math.round(pauseMs)} ms`),
});

const text = await readFile(file, 'utf8').catch(() => '{ "after": "0" }');
const place = JSON.parse(text) as Place;
const batches = client.events(Trade, { filter: { kinds: ['PLACE_HOLD', 'SETTLE_HOLDS', 'RELEASE_HOLD'] } }, { place });

// A gap would be thrown: each event names the one before it, and each stream begins where the last one was complete.
try {
  for await (const batch of batches) {
    for (const { seq, kind, subjects } of batch.nodes) console.log(seq, kind, subjects.join(' '));
    // With a database: in the transaction that books the events.
    await writeFile(`${file}.new`, JSON.stringify(batch.place));
    await rename(`${file}.new`, file);
  }
} catch (error) {
  tell(error);
}
