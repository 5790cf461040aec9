// Walking a connection of Relay's convention, page by page or item by item.

export interface Connection {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

/** What a document needs that is asked page by page. */
export interface PageVariables {
  after?: string | null | undefined;
}

/** The items of a page, whether the document selects `nodes` or `edges`. */
export type NodeOf<Page> = Page extends { nodes: readonly (infer Node)[] }
  ? Node
  : Page extends { edges: readonly { node: infer Node }[] }
    ? Node
    : never;

/** The pages from `after` on. All are read as of the entry of the first one, so that each item comes once. */
export async function* pages<Variables extends PageVariables, Page extends Connection>(
  ask: (variables: Variables) => Promise<Page | null | undefined>,
  variables: Variables,
): AsyncGenerator<Page, void> {
  let next = variables;
  for (;;) {
    const page = await ask(next);
    if (page === null || page === undefined) return;
    yield page;
    const { hasNextPage, endCursor } = page.pageInfo;
    if (!hasNextPage) return;
    if (typeof endCursor !== 'string' || endCursor === next.after) {
      throw new TypeError('there is a next page and no way to it: select pageInfo { hasNextPage endCursor } and use $after');
    }
    next = { ...variables, after: endCursor };
  }
}

/** The items of a page. */
export function nodesOf<Page extends Connection>(page: Page): readonly NodeOf<Page>[] {
  const { nodes, edges } = page as { nodes?: readonly NodeOf<Page>[]; edges?: readonly { node: NodeOf<Page> }[] };
  if (nodes === undefined && edges === undefined) throw new TypeError('the document selects neither nodes nor edges');
  return nodes ?? (edges ?? []).map(({ node }) => node);
}
