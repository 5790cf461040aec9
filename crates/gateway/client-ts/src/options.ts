// What a client, a request and a feed may be told.

import type { Place } from './feed.js';
import type { Role } from './generated/schema.js';
import type { Retry, RetryPolicy } from './retry.js';

export interface ClientOptions {
  /** The GraphQL endpoint. */
  readonly url: string | URL;
  /** A key of the registry, or how to get the token of a provider; left out, the public asks. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /** The role in which somebody asks who signed in and has several. */
  readonly role?: Role | undefined;
  /** The newest entry that was heard of before, so that no answer is older. */
  readonly seq?: string | undefined;
  /** How long one attempt waits for its answer. The registry itself gives up after 30 s. */
  readonly timeoutMs?: number | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  readonly onRetry?: ((retry: Retry) => void) | undefined;
  /** Headers besides, such as `Yulin-Fault` for a sandbox. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `print` of graphql-js, where documents are generated as trees instead of texts. */
  readonly print?: ((tree: never) => string) | undefined;
  /** What asks instead of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}

export interface RequestOptions {
  /** Gives up, whatever the attempt: `AbortSignal.timeout(…)` for a deadline over all of them. */
  readonly signal?: AbortSignal | undefined;
}

export interface EventsOptions extends RequestOptions {
  /** Where to go on; left out, from the beginning. */
  readonly place?: Place | undefined;
  /** A stream of which nothing was heard for so long is taken for cut. The registry says something every 12 s. */
  readonly silenceMaxMs?: number | undefined;
}
