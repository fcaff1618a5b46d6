import { setTimeout as delay } from 'node:timers/promises';
import type { Chatter } from './chatter.ts';
import type { World } from './faults.ts';
import { readHeads } from './history.ts';
import { describeMistake, findPresenceMistakes } from './presence-mistakes.ts';

/** I8: no ghost is older. */
const ghostLife = 15_000;

/** Waits, with nobody sending, until every client has everything and shows who is there; what does not come is found. */
export async function settle({ house, fleet, findings, patience }: World): Promise<void> {
  const lagging = await waitFor(patience, async () => {
    const heads = await readHeads(house);
    return fleet.chatters.flatMap((chatter) => describeLag(chatter, heads));
  });
  for (const text of lagging) findings.add('lost', text);
  const mistaken = await waitFor(Math.min(patience, ghostLife), async () =>
    findPresenceMistakes(fleet).map(describeMistake),
  );
  for (const text of mistaken) findings.add('late', text);
}

/** Whatever is still to be said about it when it is over. */
async function waitFor(milliseconds: number, look: () => Promise<string[]>): Promise<string[]> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const left = await look();
    if (left.length === 0 || Date.now() > end) return left;
    await delay(200);
  }
}

function describeLag(chatter: Chatter, heads: ReadonlyMap<string, number>): string[] {
  const { client, name, rooms, isRevoked } = chatter;
  if (isRevoked) return client.state.name === 'signed-out' ? [] : [`I7: ${name} is still ${client.state.name}`];
  if (client.state.name !== 'ready') return [`I4: ${name} is ${client.state.name}: ${client.state.reason}`];
  return [...rooms].flatMap(([room, { snapshot }]) => {
    const { state, pending, events } = snapshot;
    if (state === 'refused') return [];
    const head = heads.get(room);
    const last = events.at(-1)?.seq;
    const node = chatter.node;
    if (state !== 'live' || last !== head)
      return [`I11: ${name} at ${node} is ${state} at ${last} of ${head} in ${room}`];
    return pending.map(({ id, error }) => `I1: ${name} still has ${id} of ${room} unsent: ${error?.message ?? ''}`);
  });
}
