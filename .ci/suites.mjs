// Suites that others wrote, aimed at a running server: GraphQL over HTTP, WebSocket and server-sent events in the
// development profile, hostile requests in the production one. Anything that is not "ok" fails.
// YULIN_SUITES=FOLDER YULIN_KEY=KEY node suites.mjs http://127.0.0.1:PORT PROFILE

import { spawn } from 'node:child_process';
import { createServer, request } from 'node:http';
import { once } from 'node:events';

const [base, profile] = process.argv.slice(2);
const { YULIN_KEY: key } = process.env;

/** The suites send no key, and what can be followed needs one: this passes everything on, with it. */
async function withKey(target) {
  const headers = (given) => ({ ...given, authorization: `Bearer ${key}` });
  const { hostname, port } = new URL(target);
  const server = createServer((given, answer) => {
    const passed = request({ hostname, port, method: given.method, path: given.url, headers: headers(given.headers) });
    passed.on('response', (response) => {
      answer.writeHead(response.statusCode, response.headers);
      response.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    given.pipe(passed);
  });
  server.on('upgrade', (given, socket) => {
    const passed = request({ hostname, port, method: 'GET', path: given.url, headers: headers(given.headers) });
    const joined = ({ statusCode, statusMessage, headers: told }, other) => {
      const lines = Object.entries(told).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join('')}\r\n`);
      if (!other) return socket.end();
      for (const end of [socket, other]) end.on('error', () => {});
      other.pipe(socket);
      return socket.pipe(other);
    };
    passed.on('upgrade', joined);
    passed.on('response', (response) => joined(response));
    passed.on('error', () => socket.destroy());
    passed.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `127.0.0.1:${server.address().port}`, close: () => server.closeAllConnections() ?? server.close() };
}

async function passes(suite, ...given) {
  const run = spawn(process.execPath, [suite, ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  run.stdout.on('data', (piece) => (said += piece));
  const [code] = await once(run, 'close');
  const lines = said.trimEnd().split('\n');
  const shown = code === 0 ? lines.filter((line) => !line.startsWith('ok ')) : lines;
  console.log([`${suite}: ${code === 0 ? 'passed' : `FAILED (${code})`}, ${lines.filter((line) => line.startsWith('ok ')).length} ok`, ...shown].join('\n  '));
  return code === 0;
}

const outcomes = [];
if (profile === 'production') {
  outcomes.push(await passes('07-security.mjs', `${base}/graphql`));
} else {
  const proxy = await withKey(base);
  outcomes.push(await passes('01-graphql-http-audit.mjs', `${base}/graphql`, '--strict'));
  outcomes.push(await passes('02-graphql-ws.mjs', `ws://${proxy.address}/graphql`, 'subscription { events { completeTo } }', '1'));
  outcomes.push(await passes('03-graphql-sse.mjs', `http://${proxy.address}/graphql`, 'subscription { events(to: "3") { completeTo } }', '1'));
  proxy.close();
}
process.exit(outcomes.every(Boolean) ? 0 : 1);
