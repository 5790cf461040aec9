// One answer as it comes over the wire, plain or as an event of a stream: what it holds, or the error that it is.

import { RequestError, unheard, UnheardError, type ErrorOfAnswer } from './errors.js';

/** What an operation was taken to cost, what its answer cost, and what may still be asked. */
export interface Cost {
  readonly requested: number;
  readonly actual: number;
  readonly allowance: { readonly most: number; readonly left: number; readonly restoredPerSecond: number };
}

export interface Answer<Result> {
  readonly data: Result;
  /** The entry as of which everything was answered, or up to which was recorded; none where nothing was read. */
  readonly seq?: string;
  readonly cost?: Cost;
}

interface Members {
  readonly data?: unknown;
  readonly errors?: readonly ErrorOfAnswer[];
  readonly extensions?: { readonly seq?: number; readonly cost?: Cost };
}

/** The answer to a plain request. */
export async function answerOf<Result>(response: Response): Promise<Answer<Result>> {
  const { status } = response;
  return read(await response.text().catch(unheard), status, restOf(response));
}

/** Reads the JSON of an answer. An answer that holds any error is thrown, with the data that came along. */
export function read<Result>(text: string, status: number, restMs?: number): Answer<Result> {
  const { data, errors = [], extensions = {} } = membersOf(text, status, restMs);
  const [first] = errors;
  if (first !== undefined) throw new RequestError([first, ...errors.slice(1)], { data, status, restMs });
  if (data === undefined || data === null) throw new UnheardError('the answer holds no data', { status });
  const { seq, cost } = extensions;
  return {
    data: data as Result,
    ...(seq === undefined ? {} : { seq: String(seq) }),
    ...(cost === undefined ? {} : { cost }),
  };
}

/** A page of some proxy is no answer of the registry. */
function membersOf(text: string, status: number, restMs: number | undefined): Members {
  try {
    const members: unknown = JSON.parse(text);
    if (typeof members === 'object' && members !== null && ('data' in members || 'errors' in members)) {
      return members as Members;
    }
  } catch {
    // Told below, like any other text.
  }
  throw new UnheardError('the answer is none of the registry', { status, restMs });
}

/** How long `Retry-After` says to wait; it is seconds, or a date where a proxy wrote it. */
function restOf({ headers }: Response): number | undefined {
  const told = headers.get('retry-after');
  if (told === null) return undefined;
  const restMs = /^\d+$/u.test(told) ? Number(told) * 1_000 : Date.parse(told) - Date.now();
  return Number.isNaN(restMs) ? undefined : Math.max(0, restMs);
}
