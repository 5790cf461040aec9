// Asks a running server: readiness, then every audit of the graphql-http package. Anything but "ok" fails.
// node audit.mjs http://127.0.0.1:PORT

import { serverAudits } from 'graphql-http';

const EXPECTED = 61;
const base = process.argv[2];

const ready = await fetch(`${base}/readyz`);
if (!ready.ok) {
  console.error(`/readyz answered ${ready.status}`);
  process.exit(1);
}

const audits = serverAudits({ url: `${base}/graphql`, fetchFn: fetch });
let ok = 0;
for (const audit of audits) {
  const { status, name, reason } = await audit.fn();
  if (status === 'ok') ok += 1;
  else console.error(`${status} ${audit.id} ${name}: ${reason}`);
}
console.log(`GraphQL over HTTP: ${ok} of ${audits.length} audits`);
process.exit(ok === audits.length && ok === EXPECTED ? 0 : 1);
