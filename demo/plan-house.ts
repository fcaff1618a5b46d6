import { Calendar } from './calendar.ts';
import { type PersonKey, personKeys } from './people.ts';
import { readWords } from './phrases.ts';
import { type PlannedPost, planPosts } from './plan-posts.ts';
import { type Saying, TalkPlan } from './plan-talk.ts';
import { Deck, Random } from './random.ts';
import { arrivalDay, type DemoRoom, days, rooms } from './rooms.ts';
import { readScenes } from './scenes.ts';

const seed = 1_843;
const minute = 60_000;

/** Something that happens in a room. */
export type RoomStep =
  | { at: number; what: 'make'; who: PersonKey }
  | { at: number; what: 'join' | 'leave'; who: PersonKey }
  | { at: number; what: 'add'; who: PersonKey; added: PersonKey }
  | (Saying & { what: 'say' });
export type RoomPlan = { room: DemoRoom; steps: RoomStep[] };
/** Somebody signs up, by somebody's invite to a room where one is named. */
export type Arrival = { at: number; who: PersonKey; invite?: { room: string; by: PersonKey } };
export type HousePlan = { arrivals: Arrival[]; rooms: RoomPlan[]; posts: PlannedPost[] };

/** Somebody may say something in two rooms at the same moment. */
export function messageIdOf(room: DemoRoom, { at, who }: { at: number; who: PersonKey }): string {
  return `${at.toString(36)}-${who}-${rooms.indexOf(room)}`;
}

/** Everything that has happened in the sample workspace up to `now`. The same for the same moment. */
export function planHouse(now: number): HousePlan {
  const calendar = new Calendar(now, days);
  const random = new Random(seed);
  const words = readWords();
  const common = new Deck(readScenes('common').any, random);
  return {
    arrivals: planArrivals(calendar),
    rooms: rooms.map((room) => {
      const says = new TalkPlan(room, { calendar, random, words, common }).make();
      const steps = [...planMembers(room, calendar), ...says.map((saying) => ({ ...saying, what: 'say' as const }))];
      return { room, steps: steps.sort((a, b) => a.at - b.at) };
    }),
    posts: planPosts(calendar, random, words),
  };
}

function planArrivals(calendar: Calendar): Arrival[] {
  const arrivals: Arrival[] = personKeys.map((who, i) => ({ at: calendar.at(0, 7) + i * 2 * minute, who }));
  return arrivals.map((arrival) =>
    arrival.who === 'mateusz'
      ? { at: calendar.at(arrivalDay, 7), who: 'mateusz', invite: { room: 'Repair café', by: 'grace' } }
      : arrival,
  );
}

/** People come and go before the doors open at eight. General takes everybody in by itself. */
function planMembers(room: DemoRoom, calendar: Calendar): RoomStep[] {
  if (room.name === 'General') return [];
  const made = calendar.at(room.since ?? 0, 7.6);
  const steps: RoomStep[] = room.maker === undefined ? [] : [{ at: made, what: 'make', who: room.maker }];
  for (const [i, [key, day]] of Object.entries(room.members).entries()) {
    const who = key as PersonKey;
    const at = Math.max(calendar.at(day, 7.5), made) + (i + 1) * minute;
    if (who === room.maker || isInvited(room, who)) continue;
    if (room.private === true && room.maker !== undefined) steps.push({ at, what: 'add', who: room.maker, added: who });
    else steps.push({ at, what: 'join', who });
  }
  for (const [key, day] of Object.entries(room.left ?? {})) {
    steps.push({ at: calendar.at(day, 7.5), what: 'leave', who: key as PersonKey });
  }
  return steps;
}

function isInvited(room: DemoRoom, who: PersonKey): boolean {
  return who === 'mateusz' && room.name === 'Repair café';
}
