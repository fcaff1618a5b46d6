import type { CreatedInvite } from '@parlour/protocol/invites';
import type { Page } from '@parlour/protocol/paging';
import type { Room } from '@parlour/protocol/rooms';
import { createApp } from '../packages/server/src/app.ts';
import { readConfig } from '../packages/server/src/config.ts';
import { createLog } from '../packages/server/src/log.ts';
import { atMoment, historicClock, Inhabitant } from './inhabitant.ts';
import { type PersonKey, personKeys } from './people.ts';
import { type Arrival, type HousePlan, messageIdOf, planHouse, type RoomPlan, type RoomStep } from './plan-house.ts';
import { Random } from './random.ts';
import { unreadOfAda } from './rooms.ts';

export type Filled = { people: number; rooms: number; messages: number; posts: number };

/** Makes the sample workspace in an empty data folder, by the same requests that people's browsers make. */
export async function fillHouse(folder: string, now = Date.now()): Promise<Filled> {
  const plan = planHouse(now);
  // Two weeks in some seconds: no limit on speed would let that through.
  const config = readConfig({ PORT: '0', PARLOUR_DATA: folder, PARLOUR_SIGN_UP: 'open', PARLOUR_RATE_LIMITS: 'off' });
  const begin = Math.min(...plan.arrivals.map(({ at }) => at)) - 1;
  const onFatal = (error: Error) => {
    throw error;
  };
  const app = await atMoment(begin, () =>
    createApp(config, { port: 0, log: createLog(), clock: historicClock, onFatal }),
  );
  try {
    const claim = (await app.claimUrl())?.split('/').at(-1) ?? '';
    await new Filling(plan, app.fetch, now).run(claim);
  } finally {
    await app.close();
  }
  const says = plan.rooms.flatMap(({ steps }) => steps.filter(({ what }) => what === 'say'));
  return { people: plan.arrivals.length, rooms: plan.rooms.length, messages: says.length, posts: plan.posts.length };
}

class Filling {
  readonly #plan: HousePlan;
  readonly #now: number;
  readonly #people: ReadonlyMap<PersonKey, Inhabitant>;
  readonly #roomIds = new Map<string, string>();

  constructor(plan: HousePlan, answer: (request: Request) => Promise<Response>, now: number) {
    this.#plan = plan;
    this.#now = now;
    this.#people = new Map(personKeys.map((key) => [key, new Inhabitant(answer, key)]));
  }

  async run(claim: string): Promise<void> {
    const [founders, late] = partition(this.#plan.arrivals, ({ invite }) => invite === undefined);
    await this.#signUpFounders(founders, claim);
    let since = 0;
    for (const arrival of late) {
      await this.#play(since, arrival.at);
      await this.#invite(arrival);
      since = arrival.at;
    }
    await this.#play(since, Number.POSITIVE_INFINITY);
    await this.#writePosts();
    await this.#read();
    await Promise.all(personKeys.map((key) => this.#person(key).ask(this.#now, 'POST', '/api/auth/sign-out', {})));
  }

  // One after another, because each of them is an event of the first room.
  async #signUpFounders(founders: readonly Arrival[], claim: string): Promise<void> {
    for (const [i, { who, at }] of founders.entries()) await this.#person(who).signUp(at, i === 0 ? { claim } : {});
    const { items } = await this.#person('ada').ask<Page<Room>>(this.#now, 'GET', '/api/rooms');
    for (const { name, id } of items) this.#roomIds.set(name, id);
  }

  async #invite({ at, who, invite }: Arrival): Promise<void> {
    if (invite === undefined) return;
    const path = `/api/rooms/${this.#room(invite.room)}/invites`;
    const { code } = await this.#person(invite.by).ask<CreatedInvite>(at - 1, 'POST', path, { maxUses: 1 });
    await this.#person(who).signUp(at, { invite: code });
    await this.#person(who).ask(at, 'POST', `/api/invites/${code}/accept`, {});
  }

  /** What happens in a room happens in its order; the rooms go on beside each other, so that commits are shared. */
  async #play(from: number, to: number): Promise<void> {
    await Promise.all(
      this.#plan.rooms.map(async (room) => {
        for (const step of room.steps) if (step.at >= from && step.at < to) await this.#act(room, step);
      }),
    );
  }

  async #act({ room }: RoomPlan, step: RoomStep): Promise<void> {
    const { at } = step;
    const person = this.#person(step.who);
    if (step.what === 'make') {
      const body = { name: room.name, private: room.private ?? false };
      this.#roomIds.set(room.name, (await person.ask<Room>(at, 'POST', '/api/rooms', body)).id);
      return;
    }
    const path = `/api/rooms/${this.#room(room.name)}`;
    if (step.what === 'say') {
      const id = messageIdOf(room, step);
      await person.ask(at, 'POST', `${path}/messages`, { id, body: step.text });
    } else if (step.what === 'add') {
      await person.ask(at, 'POST', `${path}/members`, { user: this.#person(step.added).id });
    } else {
      await person.ask(at, 'POST', `${path}/${step.what}`, {});
    }
  }

  async #writePosts(): Promise<void> {
    for (const { at, who, title, body } of this.#plan.posts) {
      await this.#person(who).ask(at, 'POST', '/api/posts', { title, body });
    }
  }

  /** Most people have read nearly everything; what Ada has not is chosen, so that her rooms show every state. */
  async #read(): Promise<void> {
    const random = new Random(personKeys.length);
    for (const key of personKeys) {
      const person = this.#person(key);
      const { items } = await person.ask<Page<Room>>(this.#now, 'GET', '/api/rooms');
      for (const { id, name, seq, member } of items) {
        const behind = key === 'ada' ? (unreadOfAda[name] ?? 0) : random.pick([0, 0, 0, 1, 3, 8, 20]);
        if (!member) continue;
        await person.ask(this.#now, 'PUT', `/api/rooms/${id}/read`, { seq: Math.max(0, seq - behind) });
      }
    }
  }

  #person(key: PersonKey): Inhabitant {
    const person = this.#people.get(key);
    if (person === undefined) throw new Error(`nobody is called ${key}`);
    return person;
  }

  #room(name: string): string {
    const id = this.#roomIds.get(name);
    if (id === undefined) throw new Error(`there is no room ${name} yet`);
    return id;
  }
}

function partition<Value>(values: readonly Value[], test: (value: Value) => boolean): [Value[], Value[]] {
  return [values.filter(test), values.filter((value) => !test(value))];
}
