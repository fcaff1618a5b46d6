import { setTimeout as delay } from 'node:timers/promises';
import type { Chatter } from './chatter.ts';
import type { Findings } from './finding.ts';
import type { Fleet } from './fleet.ts';
import { readHeads } from './history.ts';
import type { House } from './house.ts';

/** A client waits for at most 30 s before it tries again, and what it then does takes a while. */
const patience = 60_000;
/** I8: no ghost is older. */
const ghostLife = 15_000;

/** Waits, with nobody sending, until every client has everything and shows who is there; what does not come is found. */
export async function settle(house: House, fleet: Fleet, findings: Findings): Promise<void> {
  const lagging = await waitFor(patience, async () => {
    const heads = await readHeads(house);
    return fleet.chatters.flatMap((chatter) => describeLag(chatter, heads));
  });
  for (const text of lagging) findings.add('lost', text);
  const ghosts = await waitFor(ghostLife, async () => describeGhosts(fleet));
  for (const text of ghosts) findings.add('late', text);
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

/** Whom somebody sees in a room who is not there, or does not see who is (I8). */
export function describeGhosts({ chatters }: Fleet): string[] {
  const present = new Map<string, Set<string>>();
  for (const { person, rooms } of chatters.filter(({ isHere }) => isHere))
    for (const [room, { snapshot }] of rooms)
      if (snapshot.state === 'live') present.set(room, (present.get(room) ?? new Set()).add(person));
  return chatters
    .filter(({ isHere }) => isHere)
    .flatMap(({ name, rooms, node }) =>
      [...rooms].flatMap(([room, { snapshot }]) => {
        if (snapshot.state !== 'live') return [];
        const there = present.get(room) ?? new Set();
        const shown = new Set(snapshot.present.map(({ id }) => id));
        const ghosts = [...shown.difference(there)];
        const missing = [...there.difference(shown)];
        const isRight = ghosts.length + missing.length === 0 && snapshot.presentCount === there.size;
        const counted = `${snapshot.presentCount} for ${there.size}`;
        return isRight ? [] : [`I8: ${name} at ${node} sees ${counted} in ${room}, with ${ghosts}, without ${missing}`];
      }),
    );
}
