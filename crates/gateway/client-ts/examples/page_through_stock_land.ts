// examples/page_through_stock_land.ts [MU]: all idle land of so many mu and more, whatever the number of pages.

import { fromBaseUnits, toBaseUnits, YulinClient } from '@yulin/client';
import { graphql } from '../generated/index.js';
import { tell } from './tell.js';

const IdleLand = graphql(`
  query IdleLand($filter: ParcelFilterInput, $first: Int, $after: String) {
    stockLand(filter: $filter, first: $first, after: $after) {
      nodes { code name area { computed { squareMetres } } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

const { YULIN_URL = 'http://127.0.0.1:8080/graphql', YULIN_KEY } = process.env;
const [, , min = '30'] = process.argv;
const client = new YulinClient({ url: YULIN_URL, token: YULIN_KEY });
const parcels = client.nodes(
  IdleLand,
  { filter: { statuses: ['IDLE'], areaMu: { min } }, first: 20 },
  ({ stockLand }) => stockLand,
);

// Every page is read as of the entry of the first, so that each parcel comes exactly once.
let count = 0;
let total = 0n;
try {
  for await (const { code, name, area } of parcels) {
    const squareMetres = area.computed?.squareMetres ?? '0';
    console.log(code, squareMetres, name ?? '');
    count += 1;
    total += BigInt(toBaseUnits(squareMetres, 4));
  }
  console.log(`${count} parcels, ${fromBaseUnits(String(total), 4)} m²`);
} catch (error) {
  tell(error);
}
