// Server-sent events in pieces of any size.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messages, type Message } from '../../src/sse.js';

async function read(text: string, size: number): Promise<{ found: Message[]; heard: number }> {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
  const found: Message[] = [];
  let heard = 0;
  for await (const message of messages(body, () => (heard += 1))) found.push(message);
  return { found, heard };
}

const EVENTS = ['event: next', 'data: {"名":1}', '', ':', '', 'data:a', 'data: b', '', 'event: complete', 'data:', '', 'data: half'];
const EXPECTED = [
  { event: 'next', data: '{"名":1}' },
  { event: 'message', data: 'a\nb' },
  { event: 'complete', data: '' },
];

test('events are the same however their bytes are cut, and whatever ends a line', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    for (let size = 1; size < 40; size += 1) {
      assert.deepEqual((await read(EVENTS.join(end), size)).found, EXPECTED, `${JSON.stringify(end)} in ${size}`);
    }
  }
});

test('a comment is heard, though it is no event', async () => {
  assert.deepEqual(await read(':\n\n', 10), { found: [], heard: 1 });
});
