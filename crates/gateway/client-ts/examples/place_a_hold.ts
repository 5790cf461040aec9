// examples/place_a_hold.ts [ACCOUNT AMOUNT FILE]: a venue sets units aside; no fault on the way makes it do so twice.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { done, newActId, RefusedError, toBaseUnits, YulinClient } from '@yulin/client';
import type { PlaceHoldMutationVariables } from '../generated/graphql.js';
import { graphql } from '../generated/index.js';
import { tell } from './tell.js';

const AccountByCode = graphql(`
  query AccountByCode($code: String!) {
    accounts(filter: { code: $code }, first: 1) {
      nodes { id factor { displayUnits { symbol decimals } } }
    }
  }
`);
const PlaceHold = graphql(`
  mutation PlaceHold($act: ActEnvelopeInput!, $input: PlaceHoldInput!) {
    placeHold(act: $act, input: $input) {
      __typename
      ... on ActDone { receipt { seq } changed balances { posted held available } }
      ... on ActRefused { code messages { zh en } facts }
    }
  }
`);

const { YULIN_URL = 'http://127.0.0.1:8080/graphql', YULIN_KEY } = process.env;
const [, , code = 'PJ-COD-3', amount = '0.4', file = 'order.json'] = process.argv;
const client = new YulinClient({
  url: YULIN_URL,
  token: YULIN_KEY,
  onRetry: ({ error, attempts }) => console.error(`attempt ${attempts}: ${error.message}`),
});

async function newOrder(): Promise<PlaceHoldMutationVariables> {
  const { data: { accounts } } = await client.ask(AccountByCode, { code });
  const [account] = accounts.nodes;
  const unit = account?.factor?.displayUnits[0];
  if (!account || !unit) throw new Error(`the account ${code} is not open to this venue`);
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const units = toBaseUnits(amount, unit.decimals);
  return { act: { actId: newActId() }, input: { account: account.id, amount: units, kind: 'ORDER', expiresAt } };
}

try {
  // The order is on the disk before it is sent: a run that crashed is followed by one that sends the same.
  const left = await readFile(file, 'utf8').catch(() => undefined);
  const order = left === undefined ? await newOrder() : (JSON.parse(left) as PlaceHoldMutationVariables);
  await writeFile(file, JSON.stringify(order));
  const { receipt, changed, balances } = done((await client.act(PlaceHold, order)).data.placeHold);
  const hold = changed.find((id) => id.startsWith('hold:'));
  console.log(`${hold} since entry ${receipt.seq}, ${balances[0]?.available} base units are free`);
  await rm(file);
} catch (error) {
  // A refusal is an answer; whatever else is thrown leaves the order where it is, to be sent again.
  if (error instanceof RefusedError) await rm(file);
  tell(error);
}
