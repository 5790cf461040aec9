// Walking connections.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { YulinClient, type Connection } from '@yulin/client';
import { documentOf, json, serve } from '../support/server.js';

interface List extends Connection {
  nodes: number[];
}
const Numbers = documentOf<{ list: List | null }, { first: number; after?: string | null }>('query ($first: Int, $after: String) { list }');

/** Seven numbers, three a page. */
async function numbers(test: TestContext) {
  const { url, asked } = await serve(test, (response, { body }) => {
    const { variables } = JSON.parse(body) as { variables: { first: number; after?: string } };
    const begin = Number(variables.after ?? 0);
    const end = begin + variables.first;
    const nodes = [1, 2, 3, 4, 5, 6, 7].slice(begin, end);
    json({ data: { list: { nodes, pageInfo: { hasNextPage: end < 7, endCursor: String(end) } } } })(response, { body, headers: {} });
  });
  return { client: new YulinClient({ url }), asked };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test('every page comes, and every item once and in order', async (context) => {
  const { client, asked } = await numbers(context);
  const pages = await all(client.pages(Numbers, { first: 3 }, ({ list }) => list));
  assert.deepEqual(pages.map(({ nodes }) => nodes), [[1, 2, 3], [4, 5, 6], [7]]);
  assert.deepEqual(await all(client.nodes(Numbers, { first: 3 }, ({ list }) => list)), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(await all(client.nodes(Numbers, { first: 3, after: '6' }, ({ list }) => list)), [7]);
  assert.equal(asked.length, 3 + 3 + 1);
});

test('nothing more is asked by whoever has seen enough', async (context) => {
  const { client, asked } = await numbers(context);
  for await (const item of client.nodes(Numbers, { first: 3 }, ({ list }) => list)) if (item === 2) break;
  assert.equal(asked.length, 1);
});

test('items are read from edges where the document selects those', async (context) => {
  type Edges = Connection & { edges: { cursor: string; node: string }[] };
  const Edged = documentOf<{ list: Edges }, { after?: string }>('query ($after: String) { list }');
  const list = { edges: [{ cursor: 'x', node: 'a' }], pageInfo: { hasNextPage: false } };
  const { url } = await serve(context, json({ data: { list } }));
  assert.deepEqual(await all(new YulinClient({ url }).nodes(Edged, {}, (result) => result.list)), ['a']);
});

test('a list that is not there has no items', async (context) => {
  const { url } = await serve(context, json({ data: { list: null } }));
  assert.deepEqual(await all(new YulinClient({ url }).nodes(Numbers, { first: 3 }, ({ list }) => list)), []);
});

test('a next page that cannot be reached is an error, not an endless walk', async (context) => {
  for (const pageInfo of [{ hasNextPage: true }, { hasNextPage: true, endCursor: 'same' }]) {
    const { url } = await serve(context, json({ data: { list: { nodes: [1], pageInfo } } }));
    const pages = new YulinClient({ url }).pages(Numbers, { first: 1, after: 'same' }, ({ list }) => list);
    await assert.rejects(all(pages), /no way to it/u);
  }
});
