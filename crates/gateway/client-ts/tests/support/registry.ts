// The running registry that the environment names, what tests ask of it, and the examples as programs of their own.

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'node:test';
import { done, newActId, YulinClient, type ClientOptions } from '@yulin/client';
import type { PlaceTestHoldMutationVariables } from '../../generated/graphql.js';
import { graphql } from '../../generated/index.js';

export const url = named('YULIN_URL');
export const keys = { planner: named('YULIN_PLANNER_KEY'), venue: named('YULIN_VENUE_KEY') };

export const PlaceHold = graphql(`
  mutation PlaceTestHold($act: ActEnvelopeInput!, $input: PlaceHoldInput!) {
    placeHold(act: $act, input: $input) {
      __typename
      ... on ActDone { receipt { seq actId hash } changed balances { held } }
      ... on ActRefused { code messages { zh en } facts }
    }
  }
`);
const AccountOf = graphql(`
  query AccountOf($code: String!) {
    accounts(filter: { code: $code }) { nodes { id balance { held { units } } } }
  }
`);
export const EventsAfter = graphql(`
  query EventsAfter($after: Seq, $filter: EventFilterInput) {
    events(after: $after, filter: $filter, first: 500) { nodes { seq actId } completeTo }
  }
`);

export function venue(options: Partial<ClientOptions> = {}): YulinClient {
  return new YulinClient({ url, token: keys.venue, retry: { pauseMinMs: 10 }, ...options });
}

export async function account(code: string): Promise<{ id: string; held: bigint }> {
  const [found] = (await venue().ask(AccountOf, { code })).data.accounts.nodes;
  assert.ok(found, `the account ${code}`);
  return { id: found.id, held: BigInt(found.balance.held.units) };
}

/** An order of so many base units that ends with the hour. */
export async function order(code: string, amount: string): Promise<PlaceTestHoldMutationVariables> {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  return { act: { actId: newActId() }, input: { account: (await account(code)).id, amount, kind: 'ORDER', expiresAt } };
}

export async function perform(client: YulinClient, variables: PlaceTestHoldMutationVariables) {
  return done((await client.act(PlaceHold, variables)).data.placeHold);
}

/** The newest entry. */
export async function head(): Promise<string> {
  const { seq } = await venue().ask(AccountOf, { code: 'PJ-COD-3' });
  assert.ok(seq);
  return seq;
}

export interface Run {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly complaints: string[];
  /** Its exit code, once it ends. */
  readonly ended: Promise<number | null>;
}

export async function folder(test: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'yulin-client-'));
  test.after(() => rm(path, { recursive: true }));
  return path;
}

/** Starts an example; it ends with the test at the latest. */
export function start(test: TestContext, example: string, args: string[], env: { YULIN_URL?: string; YULIN_KEY: string }): Run {
  const program = fileURLToPath(new URL(`../../examples/${example}.js`, import.meta.url));
  const child = spawn(process.execPath, [program, ...args], { env: { YULIN_URL: url, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  test.after(() => child.kill());
  const told = { out: '', err: '' };
  child.stdout.on('data', (bytes) => (told.out += String(bytes)));
  child.stderr.on('data', (bytes) => (told.err += String(bytes)));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);
  return {
    child,
    get lines() {
      return linesOf(told.out);
    },
    get complaints() {
      return linesOf(told.err);
    },
    ended,
  };
}

/** Waits for something to become so, for 20 s at most. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let looks = 0; looks < 1_000; looks += 1) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`waited in vain: ${what}`);
}

function named(variable: string): string {
  const value = process.env[variable];
  assert.ok(value, `${variable} is not set`);
  return value;
}
