// Asks a running server all that schemathesis can think of after its description of itself, with a fresh seed, by every
// check: no server error, nothing told that the description does not promise, nothing malformed taken.
// YULIN_KEY=KEY node schemathesis.mjs http://127.0.0.1:PORT [EXAMPLES]

import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';

const [base, examples = '200'] = process.argv.slice(2);
const seed = String(randomInt(2 ** 31));
const words = ['run', `${base}/ogc/api`, '--checks', 'all', '--max-examples', examples, '--seed', seed];
const key = ['-H', `Authorization: Bearer ${process.env.YULIN_KEY}`];
const env = { ...process.env, SCHEMATHESIS_HOOKS: 'values' };
console.log(`schemathesis: seed ${seed}, ${examples} examples an operation`);
const { status } = spawnSync('venv/bin/st', [...words, ...key, '--continue-on-failure', '--no-color'], { env, stdio: 'inherit' });
process.exit(status ?? 1);
