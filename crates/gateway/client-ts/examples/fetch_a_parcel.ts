// examples/fetch_a_parcel.ts [DISTRICT CODE]: one parcel, its areas and who holds it.

import { YulinClient } from '@yulin/client';
import { graphql } from '../generated/index.js';
import { tell } from './tell.js';

const Parcel = graphql(`
  query Parcel($district: String!, $code: String!) {
    parcel(district: $district, code: $code) {
      code
      stockStatus
      area { registered { squareMetres mu } }
      footprint
      holders { party { name } share { numerator denominator } }
    }
  }
`);

const { YULIN_URL = 'http://127.0.0.1:8080/graphql', YULIN_KEY } = process.env;
const [, , district = 'PJEDZ', code = '330726001001GB00002'] = process.argv;
const client = new YulinClient({ url: YULIN_URL, token: YULIN_KEY });

try {
  const { data: { parcel }, seq } = await client.ask(Parcel, { district, code });
  if (!parcel) {
    console.log(`there is no parcel ${code}`);
  } else {
    // Areas are exact decimal text, never floats.
    console.log(`${parcel.code} ${parcel.area.registered?.squareMetres} m², as of entry ${seq}`);
    for (const { party, share } of parcel.holders ?? []) {
      console.log(`${share.numerator}/${share.denominator} ${party?.name}`);
    }
  }
} catch (error) {
  tell(error);
}
