// Many who follow: opens N streams of events on one gateway, records an act a second, and tells how long after the answer
// to an act its event came to each, and what memory the gateway took. Bounded in count and time.
//   node tests/bench/streams.mjs http://127.0.0.1:PORT ADMIN_KEY GATEWAY_PID [STREAMS=10000] [SECONDS=30]
// The gateway is started with a `--streams-max` of twice as many, since one key has half, and a large `--key-rate`; both sides
// need `ulimit -n` beyond STREAMS.

import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

const [url, key, pid, streams = '10000', seconds = '30'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };

const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
const processor = () => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

function asked(query, variables) {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/graphql`, { method: 'POST', agent, headers: { ...headers, accept: 'application/json' } }, (answer) => {
      let text = '';
      answer.on('data', (piece) => (text += piece)).on('end', () => resolve(JSON.parse(text)));
    });
    sent.on('error', reject).end(JSON.stringify({ query, variables }));
  });
}

const REGISTER = `mutation ($act: ActEnvelopeInput!, $input: RegisterPrincipalInput!) {
  registerPrincipal(act: $act, input: $input) { ... on ActDone { receipt { seq } } ... on ActRefused { code } } }`;

async function act() {
  const name = `streams-${randomUUID()}`;
  const sent = performance.now();
  const answer = await asked(REGISTER, { act: { actId: randomUUID(), reason: 'bench', legalBasis: 'bench' }, input: { name, roles: ['PLANNER'] } });
  const seq = answer.data?.registerPrincipal?.receipt?.seq;
  if (!seq) throw new Error(JSON.stringify(answer));
  return { seq, sent, answered: performance.now() };
}

const told = new Map();
let [open, failed] = [0, 0];

/** A stream that begins at the newest entry; its events are taken down by their seq. */
function follow(after) {
  return new Promise((resolve) => {
    const body = JSON.stringify({ query: `subscription { events(after: "${after}") { completeTo nodes { seq } } }` });
    const sent = request(`${url}/graphql`, { method: 'POST', agent: false, headers: { ...headers, accept: 'text/event-stream' } }, (answer) => {
      if (answer.statusCode !== 200) {
        failed += 1;
        answer.resume();
        return resolve();
      }
      open += 1;
      resolve();
      answer.on('close', () => (open -= 1));
      answer.on('data', (piece) => {
        const now = performance.now();
        for (const [, seq] of String(piece).matchAll(/"seq":"(\d+)"/g)) {
          if (!told.has(seq)) told.set(seq, []);
          told.get(seq).push(now);
        }
      });
    });
    sent.on('error', () => { failed += 1; resolve(); });
    sent.end(body);
  });
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const shown = (values) => {
  const sorted = Float64Array.from(values).sort();
  return `p50 ${at(sorted, 0.5).toFixed(0)} ms, p99 ${at(sorted, 0.99).toFixed(0)} ms, most ${at(sorted, 1).toFixed(0)} ms`;
};

const before = memory();
const { seq: head } = await act();
for (let begun = 0; begun < Number(streams); begun += 100) {
  await Promise.all(Array.from({ length: Math.min(100, Number(streams) - begun) }, () => follow(head)));
}
await pause(2000);
console.log(`${open} streams open, ${failed} failed; memory ${before.toFixed(0)} MB before, ${memory().toFixed(0)} MB with them`);

const acts = [];
const worked = processor();
const begun = performance.now();
for (let second = 0; second < Number(seconds); second += 1) {
  acts.push(await act());
  await pause(Math.max(0, begun + (second + 1) * 1000 - performance.now()));
}
await pause(5000);
const took = (performance.now() - begun) / 1000;
const delays = acts.flatMap(({ seq, answered }) => (told.get(seq) ?? []).map((heard) => Math.max(0, heard - answered)));
const heard = acts.map(({ seq }) => told.get(seq)?.length ?? 0);
console.log(`${acts.length} acts; heard of each by ${Math.min(...heard)} to ${Math.max(...heard)} of ${open} streams`);
console.log(`from the answer to an act to its event: ${shown(delays)}`);
console.log(`the act itself: ${shown(acts.map(({ sent, answered }) => answered - sent))}`);
console.log(`memory ${memory().toFixed(0)} MB; ${((processor() - worked) / took).toFixed(2)} processors`);
process.exit(heard.every((count) => count === Number(streams)) ? 0 : 1);
