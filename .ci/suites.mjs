// Suites that others wrote, aimed at a running server: GraphQL over HTTP, WebSocket and server-sent events, OGC API Features
// and vector tiles in the development profile, hostile requests in the production one. Anything that is not "ok" fails.
// YULIN_SUITES=FOLDER YULIN_KEY=KEY node suites.mjs http://127.0.0.1:PORT PROFILE

import { spawn } from 'node:child_process';
import { createServer, request } from 'node:http';
import { once } from 'node:events';

const [base, profile] = process.argv.slice(2);
/** Lines of a suite that passed which are shown. */
const SHOWN_MAX = 12;
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

const PROGRAMS = { mjs: process.execPath, sh: 'bash', py: 'venv/bin/python' };

async function passes(suite, ...given) {
  const program = PROGRAMS[suite.split('.').pop()];
  const run = spawn(program, [suite, ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  run.stdout.on('data', (piece) => (said += piece));
  const [code] = await once(run, 'close');
  const lines = said.trimEnd().split('\n');
  const shown = code === 0 ? lines.filter((line) => !line.startsWith('ok ')).slice(-SHOWN_MAX) : lines;
  console.log([`${suite}: ${code === 0 ? 'passed' : `FAILED (${code})`}, ${lines.filter((line) => line.startsWith('ok ')).length} ok`, ...shown].join('\n  '));
  return { passed: code === 0, said };
}

/** The tile of a place. */
function tileAt([lon, lat], zoom) {
  const tiles = 2 ** zoom;
  const latitude = (lat * Math.PI) / 180;
  const down = (1 - Math.asinh(Math.tan(latitude)) / Math.PI) / 2;
  return [zoom, Math.floor(((lon + 180) / 360) * tiles), Math.floor(down * tiles)].map(String);
}

/** Whether the readers of GIS desks count what GraphQL counts, and tiles are read by others' decoders. */
async function maps() {
  const answer = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ parcels(first: 1) { totalCount } }' }),
  });
  const { data: { parcels: { totalCount } } } = await answer.json();
  const { passed, said } = await passes('04-oapif.sh', `${base}/ogc`);
  const counted = Number(/Layer name: parcels[^]*?Feature Count: (\d+)/.exec(said)?.[1]);
  console.log(`GDAL counts ${counted} parcels, GraphQL ${totalCount}`);
  const outcomes = [passed, counted === totalCount];
  const { center } = await (await fetch(`${base}/tiles/parcels.json`)).json();
  for (const layer of ['parcels', 'restrictions', 'features']) {
    for (const zoom of [10, 13, 16]) {
      const tile = await passes('05-mvt.py', `${base}/tiles/${layer}/{z}/{x}/{y}.mvt`, ...tileAt(center, zoom));
      outcomes.push(tile.passed);
    }
  }
  return outcomes.every(Boolean);
}

const outcomes = [];
if (profile === 'production') {
  outcomes.push((await passes('07-security.mjs', `${base}/graphql`)).passed);
} else {
  const proxy = await withKey(base);
  outcomes.push((await passes('01-graphql-http-audit.mjs', `${base}/graphql`, '--strict')).passed);
  outcomes.push((await passes('02-graphql-ws.mjs', `ws://${proxy.address}/graphql`, 'subscription { events { completeTo } }', '1')).passed);
  outcomes.push((await passes('03-graphql-sse.mjs', `http://${proxy.address}/graphql`, 'subscription { events(to: "3") { completeTo } }', '1')).passed);
  outcomes.push(await maps());
  proxy.close();
}
process.exit(outcomes.every(Boolean) ? 0 : 1);
