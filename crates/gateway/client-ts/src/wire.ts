// Requests as the registry wants them: one POST, its headers, and the entry below which no answer is wanted.

import { unheard } from './errors.js';
import type { ClientOptions } from './options.js';

const PLAIN = 'application/graphql-response+json, application/json;q=0.9';
const EVENTS = 'text/event-stream, application/graphql-response+json;q=0.9';

/** What is sent: the same text at every attempt, so that an act is the same act. */
export interface Question {
  readonly body: string;
  readonly accept: 'plain' | 'events';
}

export function questionOf(text: string, variables: unknown, accept: Question['accept']): Question {
  return { body: JSON.stringify({ query: text, variables }), accept };
}

export class Wire {
  readonly #options: ClientOptions;
  #seq: bigint | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.heardOf(options.seq);
  }

  get seq(): string | undefined {
    return this.#seq?.toString();
  }

  /** Remembers an entry: no later answer is to be older. */
  heardOf(seq: string | undefined): void {
    if (seq !== undefined && BigInt(seq) > (this.#seq ?? -1n)) this.#seq = BigInt(seq);
  }

  async send({ body, accept }: Question, signal: AbortSignal): Promise<Response> {
    const { url, fetch: send = fetch } = this.#options;
    const headers = await this.#headers(signal);
    headers.set('accept', accept === 'plain' ? PLAIN : EVENTS);
    // Nobody is known by a cookie, and a request with a key in it does not follow where it is sent on.
    const options: RequestInit = { body, credentials: 'omit', headers, method: 'POST', redirect: 'error', signal };
    return send(url, options).catch(unheard);
  }

  async #headers(signal: AbortSignal): Promise<Headers> {
    const { token, role, headers: besides } = this.#options;
    const headers = new Headers(besides);
    headers.set('content-type', 'application/json');
    const secret = typeof token === 'function' ? await within(token, signal).catch(unheard) : token;
    if (secret !== undefined) headers.set('authorization', `Bearer ${secret}`);
    if (role !== undefined) headers.set('yulin-role', role);
    if (this.seq !== undefined) headers.set('yulin-seq', this.seq);
    return headers;
  }
}

/** What somebody else gives, or why nobody waits for it any longer. */
async function within<T>(given: () => T | Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => { reject(signal.reason as Error); };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([given(), stopped]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}
