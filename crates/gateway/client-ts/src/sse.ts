// Server-sent events out of the bytes of a body, as the HTML standard reads them; ids and retry times are not used here.

import { unheard } from './errors.js';

export interface Message {
  readonly event: string;
  readonly data: string;
}

/** The messages of a body; `heard` is told of all that comes, comments among it. Whoever stops early cancels the body. */
export async function* messages(body: ReadableStream<Uint8Array>, heard: () => void): AsyncGenerator<Message, void> {
  let event = '';
  let data: string[] = [];
  for await (const line of lines(body, heard)) {
    if (line === '') {
      if (data.length > 0 || event !== '') yield { event: event === '' ? 'message' : event, data: data.join('\n') };
      event = '';
      data = [];
      continue;
    }
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? [];
    if (name === 'event') event = value;
    if (name === 'data') data.push(value);
  }
}

/** Whole lines; what a cut left of the last one is dropped. */
async function* lines(body: ReadableStream<Uint8Array>, heard: () => void): AsyncGenerator<string, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let begun = '';
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(unheard);
      if (done) return;
      heard();
      // A carriage return at the end may be half of a line's end: it waits for what follows.
      const parts = (begun + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/u);
      begun = parts.pop() ?? '';
      yield* parts;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
