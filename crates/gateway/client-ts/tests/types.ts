// What the compiler refuses. Each line would be an error of the build, were it taken.

import { newActId, RequestError, type ErrorCode, type Place, type YulinClient } from '@yulin/client';
import { EventsAfter, PlaceHold } from './support/registry.js';

export async function refused(client: YulinClient, error: RequestError, place: Place): Promise<void> {
  const act = { actId: newActId() };
  const input = { account: 'account:1', amount: '1', kind: 'ORDER' } as const;
  await client.act(PlaceHold, { act, input });
  // @ts-expect-error Variables that are required are not left out.
  await client.act(PlaceHold);
  // @ts-expect-error An act has an id.
  await client.act(PlaceHold, { act: {}, input });
  // @ts-expect-error An amount is never a number.
  await client.act(PlaceHold, { act, input: { ...input, amount: 1 } });
  // @ts-expect-error A code is one of its list.
  await client.act(PlaceHold, { act, input: { ...input, kind: 'ORDERED' } });
  // @ts-expect-error A text says nothing of its types.
  await client.ask('{ factors { code } }');
  // @ts-expect-error A query is not followed.
  client.events(EventsAfter, {}, { place });
  // @ts-expect-error A list that is not of Relay's convention has no pages.
  client.nodes(EventsAfter, {}, ({ events }) => events);
  // @ts-expect-error A receipt is of an act that was recorded.
  (await client.act(PlaceHold, { act, input })).data.placeHold?.receipt;
  const code: ErrorCode | undefined = error.code;
  // @ts-expect-error There is no such code.
  if (code === 'TOO_LATE') throw error;
}
