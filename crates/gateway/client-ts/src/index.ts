// What the package offers.

export { newActId } from './act_id.js';
export type { Answer, Cost } from './answer.js';
export { YulinClient, type FeedVariables } from './client.js';
export { fromBaseUnits, toBaseUnits } from './decimal.js';
export type { TypedDocument } from './document.js';
export { done, type Done } from './done.js';
export { FeedGapError, RefusedError, RequestError, UnheardError, YulinError } from './errors.js';
export type { ErrorCode, ErrorOfAnswer, Messages, Refusal } from './errors.js';
export type { Told } from './events.js';
export type { FeedBatch, FeedEvent, Place } from './feed.js';
export type { Geometry, Position } from './geometry.js';
export type { ClientOptions, EventsOptions, RequestOptions } from './options.js';
export type { Connection, NodeOf, PageVariables } from './pages.js';
export type { Retry, RetryPolicy } from './retry.js';
