// From the payload of an act to what was recorded.

import { RefusedError, type Refusal } from './errors.js';

/** What a document selected of an outcome that was recorded. */
export type Done<Payload> = Extract<Payload, { __typename: 'ActDone' }>;

/** The outcome of an act that must be recorded: a refusal is thrown as `RefusedError`. A dry run has none. */
export function done<Payload extends { __typename: string }>(payload: Payload | null | undefined): Done<Payload> {
  if (payload?.__typename === 'ActDone') return payload as Done<Payload>;
  if (payload?.__typename === 'ActRefused') throw new RefusedError(payload as Refusal);
  throw new TypeError(`nothing was recorded: ${payload?.__typename ?? 'the act has no payload'}`);
}
