// Sending again: after which errors, how often, and after which pause.

import { UnheardError, YulinError } from './errors.js';

export interface RetryPolicy {
  /** How often one request is sent. */
  readonly attemptsMax: number;
  /** The first pause; each one after it is twice as long. Of each, up to half is left to chance. */
  readonly pauseMinMs: number;
  readonly pauseMaxMs: number;
  /** Whoever is told to wait for longer is told so by the error. */
  readonly restMaxMs: number;
}

export const USUAL_RETRY: RetryPolicy = { attemptsMax: 8, pauseMinMs: 100, pauseMaxMs: 10_000, restMaxMs: 60_000 };

/** A request that is about to be sent again. */
export interface Retry {
  readonly error: YulinError;
  /** How often it was sent. */
  readonly attempts: number;
  readonly pauseMs: number;
}

export interface Patience {
  readonly policy: RetryPolicy;
  readonly signal: AbortSignal | undefined;
  readonly onRetry: ((retry: Retry) => void) | undefined;
}

/** Attempts until there is an answer, or an error after which it may not be attempted again. */
export async function untilAnswered<T>(
  attempt: () => Promise<T>,
  mayRepeat: (error: YulinError) => boolean,
  patience: Patience,
): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof YulinError) || !mayRepeat(error)) throw error;
      await rest(error, attempts, patience);
    }
  }
}

/** Waits before the next attempt; throws the error where there is to be none. */
export async function rest(error: YulinError, attempts: number, { policy, signal, onRetry }: Patience): Promise<void> {
  if (attempts >= policy.attemptsMax || (error.restMs ?? 0) > policy.restMaxMs) throw error;
  const pauseMs = pauseAfter(attempts, policy, error.restMs);
  onRetry?.({ error, attempts, pauseMs });
  await sleep(pauseMs, signal);
}

/** How long to wait after so many attempts: never less than was told. */
export function pauseAfter(attempts: number, { pauseMinMs, pauseMaxMs }: RetryPolicy, restMs = 0): number {
  const longest = Math.min(pauseMaxMs, pauseMinMs * 2 ** (attempts - 1));
  const pause = longest / 2 + (Math.random() * longest) / 2;
  return restMs + (restMs > 0 ? Math.random() * pauseMinMs : pause);
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Ends what it watches over when its caller gives up, or when nothing is heard for too long. */
export class Watch {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #silenceMaxMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(caller: AbortSignal | undefined, silenceMaxMs: number) {
    this.#caller = caller;
    this.#silenceMaxMs = silenceMaxMs;
    if (caller?.aborted) this.#stop();
    caller?.addEventListener('abort', this.#stop);
    this.heard();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something was heard: the time begins anew. */
  heard(): void {
    clearTimeout(this.#timer);
    const late = (): void => this.#controller.abort(new UnheardError(`nothing was heard for ${this.#silenceMaxMs} ms`));
    this.#timer = setTimeout(late, this.#silenceMaxMs);
  }

  /** What a failure means: after the end came, that is what it is of. */
  meaningOf(failure: unknown): unknown {
    return this.signal.aborted ? this.signal.reason : failure;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#stop);
  }

  readonly #stop = (): void => this.#controller.abort(this.#caller?.reason);
}
