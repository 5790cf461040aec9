// examples/tell.ts: what an example says of what went wrong, the code and the messages of the registry.

import { RefusedError, RequestError, YulinError } from '@yulin/client';

/** Tells of an error of this client and lets the program end with 1; any other is a fault of the program, and thrown on. */
export function tell(error: unknown): void {
  if (!(error instanceof YulinError)) throw error;
  const messages = error instanceof RefusedError ? error.refusal.messages : error instanceof RequestError ? error.messages : undefined;
  const reference = error instanceof RequestError ? error.reference : undefined;
  console.error([error.message, messages?.zh, reference].filter((part) => part !== undefined).join(' '));
  process.exitCode = 1;
}
