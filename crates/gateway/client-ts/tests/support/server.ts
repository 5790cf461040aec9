// A real HTTP server that answers as a test says, one request after the other.

import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { TypedDocument } from '@yulin/client';

export interface Asked {
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

export type Reply = (response: ServerResponse, asked: Asked) => void;

/** Serves the replies in order, the last one again and again; tells what was asked. */
export async function serve(test: TestContext, ...replies: [Reply, ...Reply[]]): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { body: Buffer.concat(chunks).toString(), headers: request.headers };
      const reply = replies[Math.min(asked.length, replies.length - 1)] ?? replies[0];
      asked.push(one);
      reply(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, asked };
}

export function json(members: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/graphql-response+json', ...headers });
    response.end(JSON.stringify(members));
  };
}

export const failing = (code: string, status = 200, headers: Record<string, string> = {}): Reply =>
  json({ errors: [{ message: code, extensions: { code, messages: { zh: '甲', en: 'A' } } }] }, status, headers);

/** The connection ends without an answer. */
export const lost: Reply = (response) => response.destroy();

/** Server-sent events, and then the end that is asked for. */
export function stream(events: readonly unknown[], end: 'complete' | 'cut' | 'silent'): Reply {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    for (const event of events) response.write(`event: next\ndata: ${JSON.stringify(event)}\n\n`);
    if (end === 'complete') response.end('event: complete\ndata:\n\n');
    // Half an event, as a cut leaves it.
    if (end === 'cut') response.write('event: next\ndata: {"data"', () => response.destroy());
  };
}

export function documentOf<Result, Variables>(text: string): TypedDocument<Result, Variables> {
  return text as unknown as TypedDocument<Result, Variables>;
}
