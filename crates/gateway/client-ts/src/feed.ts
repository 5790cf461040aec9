// The place in a feed of events, and the proof that none between two places was missed.

import { FeedGapError } from './errors.js';

/** What a subscription selects of each event, at the least. */
export interface FeedEvent {
  readonly seq: string;
  readonly previousSeq?: string | null;
}

/** A piece of a feed, at the least. */
export interface FeedBatch {
  readonly nodes: readonly FeedEvent[];
  readonly completeTo: string;
  readonly feed: string;
}

/** How far a feed was followed: to be written down together with what was made of its events. */
export interface Place {
  /** All up to this entry was told. */
  readonly after: string;
  /** The name of the feed; left out, whatever the feed has become is followed. */
  readonly feed?: string;
  /** The last event that was told. */
  readonly last?: string;
}

/** The place after a batch. An event that does not name the one before it as its previous one is a `FeedGapError`. */
export function advanced({ after, last }: Place, { nodes, completeTo, feed }: FeedBatch): Place {
  let newest = last;
  for (const { seq, previousSeq = null } of nodes) {
    // Before the first event that is told here lie those before the place from which it was asked.
    const follows = newest === undefined ? BigInt(previousSeq ?? 0) <= BigInt(after) : previousSeq === newest;
    if (!follows || BigInt(seq) <= BigInt(after)) throw new FeedGapError(seq, previousSeq, newest);
    newest = seq;
  }
  return { after: completeTo, feed, ...(newest === undefined ? {} : { last: newest }) };
}
