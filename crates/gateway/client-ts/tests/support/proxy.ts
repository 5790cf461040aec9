// A TCP proxy before the registry, which cuts connections and loses replies as a test says.

import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

export interface Proxy {
  readonly url: string;
  /** Connections that were taken. */
  readonly taken: () => number;
  /** Ends every connection, and takes no new one until `mend`. */
  cut(): void;
  mend(): void;
  /** Of the next request that holds the text, the reply is lost: the registry has answered, and nobody hears it. */
  loseReplyTo(text: string): void;
}

export async function proxyTo(test: TestContext, target: string): Promise<Proxy> {
  const { hostname, port, pathname } = new URL(target);
  const sockets = new Set<Socket>();
  let taken = 0;
  let isCut = false;
  let text: string | undefined;

  const server = createServer((near) => {
    taken += 1;
    if (isCut) return void near.destroy();
    const far = connect(Number(port), hostname);
    const end = (): void => [near, far].forEach((socket) => void (socket.destroy(), sockets.delete(socket)));
    let isLost = false;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', end).on('close', end);
    }
    near.on('data', (bytes) => {
      if (text !== undefined && bytes.includes(text)) {
        isLost = true;
        text = undefined;
      }
      far.write(bytes);
    });
    far.on('data', (bytes) => void (isLost ? end() : near.write(bytes)));
  });
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    cut();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    taken: () => taken,
    cut,
    mend: () => void (isCut = false),
    loseReplyTo: (one) => void (text = one),
  };
}
