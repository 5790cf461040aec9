// The client: questions, acts, pages and events of one registry, for one caller.

import { answerOf, type Answer } from './answer.js';
import { operationOf, textOf, type Operation, type TypedDocument } from './document.js';
import { RequestError, type YulinError } from './errors.js';
import { follow, type Told } from './events.js';
import type { FeedBatch } from './feed.js';
import type { ClientOptions, EventsOptions, RequestOptions } from './options.js';
import { nodesOf, pages, type Connection, type NodeOf, type PageVariables } from './pages.js';
import { untilAnswered, USUAL_RETRY, Watch, type Patience } from './retry.js';
import { questionOf, Wire } from './wire.js';

/** Longer than the registry takes to give up. */
const TIMEOUT_MS = 35_000;
/** Longer than two silences between what a stream says. */
const SILENCE_MAX_MS = 30_000;

/** Variables may be left out where none is required. */
type Rest<Variables> = Record<string, never> extends Variables
  ? [variables?: Variables, options?: RequestOptions]
  : [variables: Variables, options?: RequestOptions];

/** What a subscription to events takes. */
export interface FeedVariables {
  after?: string | null | undefined;
  feed?: string | null | undefined;
}

export class YulinClient {
  readonly #options: ClientOptions;
  readonly #wire: Wire;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#wire = new Wire(options);
  }

  /** The newest entry that was heard of. It goes with every request: no answer is older. */
  get seq(): string | undefined {
    return this.#wire.seq;
  }

  /** Asks a query. */
  async ask<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    ...[variables, options]: Rest<Variables>
  ): Promise<Answer<Result>> {
    return this.#answer(this.#operation(document, 'query'), variables, options);
  }

  /**
   * Performs a mutation. Where each of its fields takes an act with an id it is sent again, as it was, until its outcome
   * is known; any other one only after an answer that says that nothing was done.
   */
  async act<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    ...[variables, options]: Rest<Variables>
  ): Promise<Answer<Result>> {
    return this.#answer(this.#operation(document, 'mutation'), variables, options);
  }

  /** The pages of a connection from `after` on; `select` finds it in the result. */
  pages<Result, Variables extends PageVariables, Page extends Connection>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    select: (result: Result) => Page | null | undefined,
    options?: RequestOptions,
  ): AsyncGenerator<Page, void> {
    const operation = this.#operation(document, 'query');
    return pages(async (page) => select((await this.#answer<Result>(operation, page, options)).data), variables);
  }

  /** The items of a connection, page after page. */
  async *nodes<Result, Variables extends PageVariables, Page extends Connection>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    select: (result: Result) => Page | null | undefined,
    options?: RequestOptions,
  ): AsyncGenerator<NodeOf<Page>, void> {
    for await (const page of this.pages(document, variables, select, options)) yield* nodesOf(page);
  }

  /**
   * Follows a feed for ever. The document is a subscription to `events` with `$after` and `$feed` that selects
   * `nodes { seq previousSeq }`, `completeTo` and `feed`.
   */
  events<Result extends { events: FeedBatch }, Variables extends FeedVariables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables & object,
    { place = { after: '0' }, silenceMaxMs = SILENCE_MAX_MS, signal }: EventsOptions = {},
  ): AsyncGenerator<Told<Result['events']>, void> {
    const { text } = this.#operation(document, 'subscription');
    const hasNewTokens = typeof this.#options.token === 'function';
    const patience = this.#patience(signal);
    const endless = { ...patience, policy: { ...patience.policy, attemptsMax: Infinity } };
    return follow(this.#wire, { text, variables, silenceMaxMs, hasNewTokens }, place, endless);
  }

  #operation(document: TypedDocument<unknown, never>, kind: Operation['kind']): Operation {
    const operation = operationOf(textOf(document, this.#options.print));
    if (operation.kind !== kind) throw new TypeError(`a ${kind} is wanted, this is a ${operation.kind}`);
    return operation;
  }

  async #answer<Result>(operation: Operation, variables: unknown, options: RequestOptions = {}): Promise<Answer<Result>> {
    const { signal } = options;
    const question = questionOf(operation.text, variables, 'plain');
    const mayRepeat = (error: YulinError): boolean =>
      error.isRetryable && (operation.isRepeatable || (error instanceof RequestError && error.isUntouched));
    const attempt = async (): Promise<Answer<Result>> => {
      const watch = new Watch(signal, this.#options.timeoutMs ?? TIMEOUT_MS);
      try {
        return await answerOf<Result>(await this.#wire.send(question, watch.signal));
      } catch (error) {
        throw watch.meaningOf(error);
      } finally {
        watch.end();
      }
    };
    const answer = await untilAnswered(attempt, mayRepeat, this.#patience(signal));
    this.#wire.heardOf(answer.seq);
    return answer;
  }

  #patience(signal: AbortSignal | undefined): Patience {
    return { policy: { ...USUAL_RETRY, ...this.#options.retry }, signal, onRetry: this.#options.onRetry };
  }
}
