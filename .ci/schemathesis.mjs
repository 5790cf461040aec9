// Asks a running server all that schemathesis can think of, with fresh seeds.
//
// What is read over HTTP is asked after the server's own description, by every check: no server error, nothing told that the
// description does not promise, nothing malformed taken. GraphQL is asked every query and mutation, as the administrator: no
// question is a fault.
// YULIN_KEY=KEY YULIN_ADMIN_KEY=KEY node schemathesis.mjs http://127.0.0.1:PORT [EXAMPLES [QUESTIONS]]

import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';

const [base, examples = '200', questions = '20'] = process.argv.slice(2);
const { YULIN_KEY, YULIN_ADMIN_KEY } = process.env;

function run(address, key, hooks, words) {
  const seed = String(randomInt(2 ** 31));
  console.log(`schemathesis: ${address}, seed ${seed}`);
  const env = { ...process.env, SCHEMATHESIS_HOOKS: hooks, PYTHONPATH: '.' };
  const usual = ['--seed', seed, '-H', `Authorization: Bearer ${key}`, '--continue-on-failure', '--no-color'];
  return spawnSync('venv/bin/st', ['run', `${base}${address}`, ...usual, ...words], { env, stdio: 'inherit' }).status;
}

const words = ['--checks', 'all', '--max-examples', examples];
const described = ['/ogc/api', '/tiles/api'].map((address) => run(address, YULIN_KEY, 'values', words));
const asked = run('/graphql', YULIN_ADMIN_KEY, 'questions', ['--checks', 'no_question_is_a_fault', '--max-examples', questions]);
process.exit([...described, asked].every((status) => status === 0) ? 0 : 1);
