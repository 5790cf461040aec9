// What goes wrong, each kind a class: a request that was not answered as it stands, one of which nothing was heard, an act
// that was refused, and a feed with a gap.

import type { ErrorCode } from './generated/schema.js';

export type { ErrorCode };

export interface Messages {
  readonly zh: string;
  readonly en: string;
}

/** One of `errors` of an answer. */
export interface ErrorOfAnswer {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: ErrorCode;
    readonly messages?: Messages;
    readonly field?: string;
    readonly leg?: number;
    readonly facts?: Readonly<Record<string, unknown>>;
    readonly reference?: string;
  };
}

/** Codes under which nothing was decided, or nothing is known of what was: the same request is sent again. */
const UNDECIDED: ReadonlySet<string | undefined> = new Set<ErrorCode>([
  'BUSY', 'NOT_READY', 'OUTCOME_UNKNOWN', 'RATE_LIMITED', 'TIMEOUT',
]);
/** Of these, the codes under which a request is turned away before anything is done. */
const UNTOUCHED: ReadonlySet<string | undefined> = new Set<ErrorCode>(['BUSY', 'NOT_READY', 'RATE_LIMITED']);

/** Whatever this client throws. */
export abstract class YulinError extends Error {
  /** Whether the very same request, with the same act id, may have another answer later. */
  abstract readonly isRetryable: boolean;
  /** How long the registry, or what stands before it, said to wait. */
  readonly restMs: number | undefined = undefined;
}

/** The answer holds `errors`: the request is malformed, not permitted, or failed. The first error gives the code. */
export class RequestError extends YulinError {
  override readonly name = 'RequestError';
  readonly code: ErrorCode | undefined;
  readonly messages: Messages | undefined;
  readonly field: string | undefined;
  readonly facts: Readonly<Record<string, unknown>>;
  /** What finds a fault in the log of the registry. */
  readonly reference: string | undefined;
  readonly errors: readonly ErrorOfAnswer[];
  /** What was answered besides; undefined where the request was not executed. */
  readonly data: unknown;
  readonly status: number;
  override readonly restMs: number | undefined;
  readonly isRetryable: boolean;
  /** Whether nothing at all was done, so that even what carries no act id may be sent again. */
  readonly isUntouched: boolean;

  constructor(
    errors: readonly [ErrorOfAnswer, ...ErrorOfAnswer[]],
    { data, status, restMs }: { data: unknown; status: number; restMs: number | undefined },
  ) {
    const [{ message, extensions = {} }] = errors;
    const { code, messages, field, facts = {}, reference } = extensions;
    super(code === undefined ? message : `${code}: ${message}`);
    this.code = code;
    this.messages = messages;
    this.field = field;
    this.facts = facts;
    this.reference = reference ?? textOf(facts['reference']);
    this.errors = errors;
    this.data = data;
    this.status = status;
    const seconds = facts['retryAfterSeconds'];
    this.restMs = restMs ?? (typeof seconds === 'number' ? seconds * 1_000 : undefined);
    // One act of many that was not decided is reason enough: those that were give the same answer again.
    const isWhole = data === undefined || data === null;
    this.isRetryable = errors.some(isPassing) || (isWhole && code === 'INTERNAL');
    this.isUntouched = data === undefined && UNTOUCHED.has(code);
  }
}

/** Nothing was heard of a request, or nothing that the registry said. What became of an act is not known. */
export class UnheardError extends YulinError {
  override readonly name = 'UnheardError';
  readonly status: number | undefined;
  override readonly restMs: number | undefined;
  readonly isRetryable: boolean;

  constructor(message: string, { cause, status, restMs }: { cause?: unknown; status?: number; restMs?: number | undefined } = {}) {
    super(status === undefined ? message : `${message} (status ${status})`, { cause });
    this.status = status;
    this.restMs = restMs;
    this.isRetryable = status === undefined || status === 429 || status >= 500 || (status >= 200 && status < 300);
  }
}

/** What `fetch` and bodies throw. */
export function unheard(cause: unknown): never {
  throw new UnheardError('the connection failed', { cause });
}

/** An act was refused: it was decided, and the same id has the same answer for thirty days. Thrown by `done` alone. */
export class RefusedError extends YulinError {
  override readonly name = 'RefusedError';
  readonly isRetryable = false;

  constructor(readonly refusal: Refusal) {
    super(`${refusal.code ?? 'refused'}: ${refusal.messages?.en ?? 'the act was refused'}`);
  }

  get code(): ErrorCode | undefined {
    return this.refusal.code;
  }
}

/** What a document selected of `ActRefused`. */
export interface Refusal {
  readonly code?: ErrorCode;
  readonly messages?: Messages;
  readonly field?: string | null;
  readonly leg?: number | null;
  readonly facts?: unknown;
}

/** An event of a feed does not follow the one before it. */
export class FeedGapError extends YulinError {
  override readonly name = 'FeedGapError';
  readonly isRetryable = false;

  constructor(readonly seq: string, readonly previousSeq: string | null, readonly last: string | undefined) {
    super(`the feed has a gap: event ${seq} follows ${previousSeq ?? 'none'}, the last one told was ${last ?? 'none'}`);
  }
}

function isPassing({ extensions }: ErrorOfAnswer): boolean {
  const { code, field } = extensions ?? {};
  // A gateway that lags behind what the client has read.
  return UNDECIDED.has(code) || (code === 'AS_OF_BEYOND_HEAD' && field === 'Yulin-Seq');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
