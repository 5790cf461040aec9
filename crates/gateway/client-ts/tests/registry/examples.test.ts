// Every example, run as its reader runs it.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { YulinClient, type Place } from '@yulin/client';
import { graphql } from '../../generated/index.js';
import { proxyTo } from '../support/proxy.js';
import { account, folder, head, keys, order, perform, start, until, url, venue } from '../support/registry.js';

const IdleCount = graphql(`
  query IdleCount { stockLand(filter: { statuses: [IDLE], areaMu: { min: "30" } }, first: 1) { totalCount } }
`);
const HoldOf = graphql(`query HoldOf($id: ID!) { hold(id: $id) { state open { units } } }`);
const planner = { YULIN_KEY: keys.planner };

test('fetch_a_parcel tells a parcel, that there is none, and why it was not answered', async (context) => {
  const found = start(context, 'fetch_a_parcel', [], planner);
  assert.equal(await found.ended, 0, found.complaints.join('\n'));
  assert.match(found.lines[0] ?? '', /^330726001001GB00002 [\d.]+ m², as of entry \d+$/u);
  const missing = start(context, 'fetch_a_parcel', ['PJEDZ', '330726001001GB99999'], planner);
  assert.equal(await missing.ended, 0);
  assert.deepEqual(missing.lines, ['there is no parcel 330726001001GB99999']);
  const stranger = start(context, 'fetch_a_parcel', [], { YULIN_KEY: 'yulin_none' });
  assert.equal(await stranger.ended, 1);
  assert.match(stranger.complaints[0] ?? '', /^UNAUTHENTICATED: .* 未提供有效凭证/u);
});

test('page_through_stock_land tells every parcel once', async (context) => {
  const run = start(context, 'page_through_stock_land', ['30'], planner);
  assert.equal(await run.ended, 0, run.complaints.join('\n'));
  const { totalCount } = (await new YulinClient({ url, token: keys.planner }).ask(IdleCount)).data.stockLand;
  assert.ok(totalCount > 20, `${totalCount} parcels are more than a page`);
  assert.match(run.lines.at(-1) ?? '', new RegExp(`^${totalCount} parcels, \\d+(\\.\\d{1,4})? m²$`, 'u'));
  const codes = run.lines.slice(0, -1).map((line) => line.split(' ')[0]);
  assert.equal(new Set(codes).size, totalCount);
});

test('place_a_hold sets units aside once, also when the reply is lost', async (context) => {
  const [proxy, path, before] = [await proxyTo(context, url), await folder(context), await account('PJ-COD-3')];
  proxy.loseReplyTo('placeHold(');
  const file = join(path, 'order.json');
  const run = start(context, 'place_a_hold', ['PJ-COD-3', '0.4', file], { YULIN_URL: proxy.url, YULIN_KEY: keys.venue });
  assert.equal(await run.ended, 0, run.complaints.join('\n'));
  assert.match(run.complaints[0] ?? '', /^attempt 1: the connection failed/u);
  const [, id = ''] = /^(hold:\S+) since entry \d+, \d+ base units are free$/u.exec(run.lines[0] ?? '') ?? [];
  assert.deepEqual((await venue().ask(HoldOf, { id })).data.hold, { state: 'OPEN', open: { units: '400000' } });
  assert.equal((await account('PJ-COD-3')).held, before.held + 400_000n);
  assert.ok(!existsSync(file));
});

test('place_a_hold goes on with the order that a crash left', async (context) => {
  const [path, variables] = [await folder(context), await order('PJ-COD-9', '70')];
  const before = await account('PJ-COD-9');
  const { receipt, changed } = await perform(venue(), variables);
  const file = join(path, 'order.json');
  writeFileSync(file, JSON.stringify(variables));
  const run = start(context, 'place_a_hold', ['PJ-COD-9', '5', file], { YULIN_KEY: keys.venue });
  assert.equal(await run.ended, 0, run.complaints.join('\n'));
  const hold = changed.find((id) => id.startsWith('hold:'));
  assert.ok(run.lines[0]?.startsWith(`${hold} since entry ${receipt.seq}, `));
  assert.equal((await account('PJ-COD-9')).held, before.held + 70n);
});

test('place_a_hold tells a refusal', async (context) => {
  const file = join(await folder(context), 'order.json');
  const run = start(context, 'place_a_hold', ['PJ-COD-3', '1000', file], { YULIN_KEY: keys.venue });
  assert.equal(await run.ended, 1);
  assert.match(run.complaints[0] ?? '', /^INSUFFICIENT: .* 可用数量不足/u);
  assert.ok(!existsSync(file));
});

test('follow_events tells each event once, through cuts and from run to run', async (context) => {
  const [proxy, file] = [await proxyTo(context, url), join(await folder(context), 'place.json')];
  const env = { YULIN_URL: proxy.url, YULIN_KEY: keys.venue };
  const held: string[] = [];
  const hold = async (): Promise<void> => {
    held.push((await perform(venue(), await order('PJ-COD-10', '10'))).receipt.seq);
  };
  const place = (): Place => JSON.parse(readFileSync(file, 'utf8')) as Place;
  writeFileSync(file, JSON.stringify({ after: await head() }));
  const first = start(context, 'follow_events', [file], env);
  await hold();
  await until('the first event', () => first.lines.length === 1);
  proxy.cut();
  await hold();
  proxy.mend();
  await until('the event during the cut', () => first.lines.length === 2 && place().last === held[1]);
  assert.match(first.complaints[0] ?? '', /again in \d+ ms$/u);
  first.child.kill();
  await first.ended;
  await hold();
  const second = start(context, 'follow_events', [file], env);
  await until('the event between the runs', () => second.lines.length === 1);
  const told = [...first.lines, ...second.lines].map((line) => line.split(' '));
  assert.deepEqual(told.map(([seq, kind]) => [seq, kind]), held.map((seq) => [seq, 'PLACE_HOLD']));
});
