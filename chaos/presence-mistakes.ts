import type { Chatter } from './chatter.ts';
import type { Fleet } from './fleet.ts';

/** What a client shows of a room that is not so. */
export type PresenceMistake = {
  viewer: Chatter;
  room: string;
  /** People shown who are not there, and not shown who are. */
  ghosts: string[];
  missing: string[];
  /** The nodes that the missing are at. */
  missingAt: string[];
  shownCount: number;
};

/** Whom clients see in a room who is not there, or do not see who is (I8). */
export function findPresenceMistakes({ chatters }: Fleet): PresenceMistake[] {
  const here = chatters.filter(({ isHere }) => isHere);
  const present = new Map<string, Map<string, string>>();
  for (const { person, rooms, node } of here)
    for (const [room, { snapshot }] of rooms)
      if (snapshot.state === 'live') present.set(room, (present.get(room) ?? new Map()).set(person, node));
  return here.flatMap((viewer) =>
    [...viewer.rooms]
      .filter(([, { snapshot }]) => snapshot.state === 'live')
      .map(([room]) => compare(viewer, room, present.get(room) ?? new Map()))
      .filter(({ ghosts, missing, shownCount, room }) => {
        return ghosts.length + missing.length > 0 || shownCount !== present.get(room)?.size;
      }),
  );
}

export function describeMistake({ viewer, room, ghosts, missing, missingAt, shownCount }: PresenceMistake): string {
  const absent = missing.length === 0 ? '' : `, without ${missing} at ${missingAt}`;
  const extra = ghosts.length === 0 ? '' : `, with ${ghosts}`;
  return `I8: ${viewer.name} at ${viewer.node} is told of ${shownCount} in ${room}${extra}${absent}`;
}

function compare(viewer: Chatter, room: string, there: ReadonlyMap<string, string>): PresenceMistake {
  const { present = [], presentCount: shownCount = 0 } = viewer.rooms.get(room)?.snapshot ?? {};
  const shown = new Set(present.map(({ id }) => id));
  const people = new Set(there.keys());
  const missing = [...people.difference(shown)];
  const missingAt = [...new Set(missing.map((person) => there.get(person) ?? ''))];
  return { viewer, room, ghosts: [...shown.difference(people)], missing, missingAt, shownCount };
}
