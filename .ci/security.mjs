// Hostile requests to a running server in the production profile. What is not refused as it should be fails.
// node security.mjs http://127.0.0.1:PORT

const endpoint = `${process.argv[2]}/graphql`;
const PLAIN = { accept: 'application/graphql-response+json', 'content-type': 'application/json' };
const TIME_MAX_MS = 15_000;
const QUICK_MS = 1_000;

const probes = [];
const probe = (name, run) => probes.push({ name, run });

async function send(address, options) {
  const begun = performance.now();
  const response = await fetch(address, { ...options, signal: AbortSignal.timeout(TIME_MAX_MS) });
  const text = await response.text();
  let answer = null;
  try {
    answer = JSON.parse(text);
  } catch {
    // Not every refusal has to be JSON.
  }
  return { answer, headers: response.headers, ms: performance.now() - begun, status: response.status, text };
}

const post = (body, headers = PLAIN) => send(endpoint, { body, headers, method: 'POST' });
const ask = (query) => post(JSON.stringify({ query }));
const get = (query, headers = {}) => send(`${endpoint}?query=${encodeURIComponent(query)}`, { headers });

/** Nothing was executed, and the client was told so. */
const isRefused = ({ answer, status }) => status >= 400 || (answer?.errors?.length > 0 && answer.data == null);
const isQuick = (reply) => reply.ms < QUICK_MS;
const isClientError = ({ status }) => status >= 400 && status < 500;

const repeated = (text, times) => Array.from({ length: times }, () => text).join(' ');

probe('101 aliases', async () => isRefused(await ask(`{ ${Array.from({ length: 101 }, (_, n) => `n${n}: __typename`).join(' ')} }`)));
probe('ten unknown directives are told of briefly', async () => {
  const reply = await ask(`{ __typename ${repeated('@nothing', 10)} }`);
  return isRefused(reply) && reply.answer.errors.length <= 5;
});
probe('5000 directives, quickly', async () => {
  const reply = await ask(`{ __typename ${repeated('@include(if: true)', 5_000)} }`);
  return isRefused(reply) && isQuick(reply);
});
probe('10000 fields', async () => isRefused(await ask(`{ ${repeated('__typename', 10_000)} }`)));
probe('a list of 50 requests', async () => isRefused(await post(JSON.stringify(Array(50).fill({ query: '{ __typename }' })))));
probe('fragments that spread each other, quickly', async () => {
  const reply = await ask('{ ...One } fragment One on Query { ...Two } fragment Two on Query { ...One }');
  return isRefused(reply) && isQuick(reply);
});
probe('braces 5000 deep', async () => isRefused(await ask(`{${'x{'.repeat(5_000)}${'}'.repeat(5_000)}}`)));
probe('the server goes on after them', async () => (await ask('{ __typename }')).status === 200);
probe('fragments that double at every step, quickly', async () => {
  const steps = Array.from({ length: 25 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(' ');
  const reply = await ask(`{ ...F0 } ${steps} fragment F25 on Query { __typename }`);
  return isRefused(reply) && isQuick(reply);
});
probe('a schema that is asked for in circles', async () =>
  isRefused(await ask('{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }')));
probe('the schema without a key', async () => isRefused(await ask('{ __schema { queryType { name } } }')));
probe('a wrong name is not corrected', async () => !/did you mean/iu.test((await ask('{ parcel1 }')).text));
probe('a mutation over GET', async () => (await get('mutation { __typename }')).status === 405);
probe('a GET that a foreign page can send', async () => isRefused(await get('{ __typename }')));
probe('a GET that no foreign page can send is answered', async () =>
  (await get('{ __typename }', { 'yulin-preflight': '1' })).status === 200);
probe('a form', async () =>
  isClientError(await post('query=%7B__typename%7D', { 'content-type': 'application/x-www-form-urlencoded' })));
probe('JSON sent as text', async () => isClientError(await post('{"query":"{__typename}"}', { 'content-type': 'text/plain' })));
probe('nothing for debugging is told', async () => {
  const reply = await post('{"query":"{__typename}"}', { ...PLAIN, 'apollo-tracing': '1' });
  return reply.status === 200 && !/"(?:tracing|debug|stacktrace|exception)"/iu.test(reply.text);
});
probe('a syntax error tells nothing of the program', async () => {
  const reply = await ask('parcels { code');
  return isRefused(reply) && !/panicked|stack|\.rs:\d/iu.test(reply.text);
});
probe('a body of 12 MB', async () =>
  (await post(JSON.stringify({ padding: 'x'.repeat(12_000_000), query: '{ __typename }' }))).status === 413);
probe('types are not to be guessed', async () => {
  const { headers } = await ask('{ __typename }');
  return headers.get('x-content-type-options') === 'nosniff' && /charset=utf-8/iu.test(headers.get('content-type'));
});
probe('a foreign origin is not let in', async () => {
  const { headers } = await send(endpoint, {
    headers: { 'access-control-request-method': 'POST', origin: 'https://foreign.example' },
    method: 'OPTIONS',
  });
  return headers.get('access-control-allow-origin') === null;
});
probe('a key that is none', async () => (await post('{"query":"{__typename}"}', { ...PLAIN, authorization: 'Bearer x' })).status === 401);

let held = 0;
for (const { name, run } of probes) {
  const outcome = await run().catch((error) => `${error}`);
  if (outcome === true) held += 1;
  else console.error(`FAILED ${name}${outcome === false ? '' : `: ${outcome}`}`);
}
console.log(`hostile requests: ${held} of ${probes.length} held off`);
process.exit(held === probes.length ? 0 : 1);
