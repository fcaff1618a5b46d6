import type { ServerFrame } from '@parlour/protocol/frames';
import { expect, it } from 'vitest';
import { makeEvent } from '../../test/fanout/make-event.ts';
import { Channel, type RoomLog } from './channel.ts';
import type { Peer } from './peer.ts';
import { type ReplayLog, Replays } from './replays.ts';
import { Subscription } from './subscription.ts';

const event = (seq: number) => makeEvent('lobby', seq);

/** Takes two events at a time, and then nothing until it reads. */
class SlowReader implements Peer {
  readonly user = { id: 'grace', name: 'Grace' };
  readonly grantId = 'a-session';
  readonly lane = { number: 1, turn: 1 };
  readonly isOpen = true;
  readonly subscriptions = new Map<string, Subscription>();
  readonly seqs: number[] = [];
  #room = 2;
  #wake: () => void = () => undefined;

  get isDrained(): boolean {
    return this.#room > 0;
  }

  deliver(): void {
    this.#room -= 1;
  }

  deliverShared(frame: Buffer): void {
    this.#room -= 1;
    const read = JSON.parse(frame.subarray(frame.indexOf('{')).toString()) as ServerFrame;
    if (read.type === 'event') this.seqs.push(read.seq);
  }

  fail(): void {}
  takeTurn = async () => () => undefined;

  async drained(): Promise<void> {
    if (!this.isDrained) await new Promise<void>((resolve) => this.#onDrain(resolve));
  }

  read(): void {
    this.#room = 2;
    this.#wake();
  }

  #onDrain(resolve: () => void): void {
    this.#wake = resolve;
  }
}

const hooks = { onEnd: () => undefined, onError: (error: unknown) => expect.fail(String(error)) };
const open = (log: RoomLog & ReplayLog, replays = new Replays(log)) => new Channel('lobby', log, replays, hooks);

it('I4, I9: keeps nothing of a replay for a peer that does not read, and goes on where it was once it does', async () => {
  const asked: [after: number, limit: number][] = [];
  const head = 9;
  const list = async (after: number, limit: number) => {
    asked.push([after, limit]);
    return Array.from({ length: Math.min(limit, head - after) }, (_, i) => event(after + 1 + i));
  };
  const channel = open({
    findHead: async () => head,
    listEventsAfter: (_room, after, limit) => list(after, limit),
    readPage: (_room, after, size) => list(after, size),
    isMember: async () => true,
  });
  const peer = new SlowReader();
  const subscription = new Subscription(peer, 'lobby');
  channel.register(subscription);
  channel.noticeHead(head);
  channel.serve(subscription);
  for (let seen = 2; seen < head; seen += 2) {
    await expect.poll(() => peer.seqs.length).toBe(seen);
    peer.read();
  }
  await expect.poll(() => subscription.state).toBe('live');
  expect(peer.seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(asked[0]).toEqual([0, 50]);
  expect(asked.slice(1).every(([, limit]) => limit <= 4)).toBe(true);
});

it('I5: begins live only if nothing was missed and no right was in doubt meanwhile; otherwise looks both up', async () => {
  const asked: string[] = [];
  const channel = open({
    findHead: async () => 9,
    listEventsAfter: async () => [],
    readPage: async () => [],
    isMember: async (_room, user) => {
      asked.push(user);
      return user !== 'grace';
    },
  });
  channel.noticeHead(9);
  const begin = (doubt: boolean) => {
    const subscription = new Subscription(new SlowReader(), 'lobby');
    subscription.cursor = 9;
    channel.register(subscription);
    if (doubt) channel.revalidate('grace');
    channel.begin(subscription, channel.head);
    return subscription;
  };
  expect(begin(false).state).toBe('live');
  expect(asked).toEqual([]);
  const doubtful = begin(true);
  expect(doubtful.state).toBe('replaying');
  await expect.poll(() => doubtful.state).toBe('ended');
  expect(asked).toContain('grace');
});

it('I5: doubts a right no longer than until it was looked up again', async () => {
  let looks = 0;
  const channel = open({
    findHead: async () => 9,
    listEventsAfter: async () => [],
    readPage: async () => [],
    isMember: async () => {
      looks += 1;
      return true;
    },
  });
  channel.noticeHead(9);
  const subscription = new Subscription(new SlowReader(), 'lobby');
  subscription.cursor = 9;
  channel.register(subscription);
  const looksOfOneJoin = async () => {
    const before = looks;
    channel.begin(subscription, 9);
    await expect.poll(() => subscription.state).toBe('live');
    return looks - before;
  };
  expect(await looksOfOneJoin()).toBe(0);
  expect(await looksOfOneJoin()).toBe(1);
  channel.revalidate('grace');
  await expect.poll(() => subscription.state).toBe('live');
  expect(await looksOfOneJoin()).toBe(1);
});

/** A room whose events are what was committed so far, and a crowd that comes back to it. */
function openCrowd(people: number) {
  const house = { head: 120, pages: 0, members: new Set(Array.from({ length: people }, (_, i) => `person-${i}`)) };
  const read = async (after: number, limit: number) =>
    Array.from({ length: Math.max(0, Math.min(limit, house.head - after)) }, (_, i) => event(after + 1 + i));
  const channel = open({
    findHead: async () => house.head,
    listEventsAfter: (_room, after, limit) => read(after, limit),
    readPage: (_room, after, size) => {
      house.pages += 1;
      return read(after, size);
    },
    isMember: async (_room, user) => house.members.has(user),
  });
  const subscriptions = [...house.members].map((id) => {
    const peer = Object.assign(new SlowReader(), { user: { id, name: id } });
    peer.deliverShared = function (this: SlowReader, frame) {
      SlowReader.prototype.deliverShared.call(this, frame);
      this.read();
    };
    const subscription = new Subscription(peer, 'lobby');
    subscription.cursor = 20;
    channel.register(subscription);
    return { peer, subscription };
  });
  const commit = () => {
    house.head += 1;
    channel.receive(event(house.head));
  };
  return { house, channel, subscriptions, commit };
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

it('I4: gives a crowd what it missed from few readings, and each of them what is said meanwhile, in order', async () => {
  const { house, channel, subscriptions, commit } = openCrowd(200);
  channel.noticeHead(house.head);
  for (const { subscription } of subscriptions) channel.begin(subscription, channel.head);
  for (let said = 0; said < 20; said += 1) {
    commit();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(() => subscriptions.every(({ subscription }) => subscription.state === 'live')).toBe(true);
  commit();
  for (const { peer } of subscriptions) expect(peer.seqs).toEqual(numbers(21, 141));
  expect(house.pages).toBeLessThan(200);
});

it('I2, I11: delivers in order what is published in another, in whichever moment of a look at the database', async () => {
  for (let turns = 0; turns < 8; turns += 1) {
    let head = 3;
    const read = async (after: number) => Array.from({ length: head - after }, (_, i) => event(after + 1 + i));
    const say = async () => {
      for (let turn = 0; turn < turns; turn += 1) await undefined;
      head += 1;
      channel.receive(event(head));
    };
    const channel = open({
      findHead: async () => head,
      listEventsAfter: (_room, after) => {
        if (head === 3) void say();
        return read(after);
      },
      readPage: (_room, after) => read(after),
      isMember: async () => true,
    });
    channel.noticeHead(1);
    const peer = new SlowReader();
    const subscription = new Subscription(peer, 'lobby');
    subscription.cursor = 1;
    channel.register(subscription);
    channel.begin(subscription, channel.head);
    for (const seq of [3, 2]) channel.receive(event(seq));
    await expect.poll(() => peer.seqs, { message: `after ${turns} turns` }).toEqual([2, 3, 4]);
  }
});

it('I5: gives nothing of a page that is kept to those who were taken out meanwhile', async () => {
  const { house, channel, subscriptions } = openCrowd(100);
  channel.noticeHead(house.head);
  const [first, ...others] = subscriptions;
  if (first === undefined) throw new Error('nobody came');
  channel.begin(first.subscription, channel.head);
  await expect.poll(() => first.subscription.state).toBe('live');
  for (const { peer, subscription } of others) {
    if (Number(peer.user.id.split('-')[1]) % 2 === 0) house.members.delete(peer.user.id);
    channel.begin(subscription, channel.head);
  }
  await expect.poll(() => others.every(({ subscription }) => /live|ended/.test(subscription.state))).toBe(true);
  for (const { peer, subscription } of others) {
    const isMember = house.members.has(peer.user.id);
    expect(subscription.state).toBe(isMember ? 'live' : 'ended');
    expect(peer.seqs).toEqual(isMember ? numbers(21, 120) : []);
  }
  expect(house.pages).toBe(2);
});

it('I5, I7: ends the subscription of whoever was taken out, however many others are brought up before', async () => {
  const members = new Set(['grace']);
  const log = {
    findHead: async () => 9,
    listEventsAfter: async () => [],
    readPage: async () => [],
    isMember: async (_room: string, user: string) => members.has(user),
  };
  const replays = new Replays(log);
  const channel = open(log, replays);
  channel.noticeHead(9);
  const subscription = new Subscription(new SlowReader(), 'lobby');
  subscription.cursor = 9;
  channel.register(subscription);
  channel.begin(subscription, channel.head);
  expect(subscription.state).toBe('live');
  const { promise, resolve } = Promise.withResolvers<void>();
  const others = Array.from({ length: 100 }, () => replays.inTurn(() => promise));
  channel.revalidate('grace');
  await new Promise((done) => setImmediate(done));
  expect(subscription.state).toBe('replaying');
  members.delete('grace');
  channel.revalidate('grace');
  await expect.poll(() => subscription.state).toBe('ended');
  resolve();
  await Promise.all(others);
});

it('I5, I7: ends at once the subscription of whoever was taken out while they joined, at first or again', async () => {
  for (const isFirst of [true, false]) {
    let isMember = true;
    const log = {
      findHead: async () => 9,
      listEventsAfter: async () => [],
      readPage: async () => [],
      isMember: async () => isMember,
    };
    const replays = new Replays(log);
    const channel = open(log, replays);
    channel.noticeHead(9);
    const subscription = new Subscription(new SlowReader(), 'lobby');
    subscription.cursor = 9;
    channel.register(subscription);
    if (!isFirst) channel.begin(subscription, channel.head);
    const { promise, resolve } = Promise.withResolvers<void>();
    const others = Array.from({ length: 100 }, () => replays.inTurn(() => promise));
    // The right to join was found, and then ends.
    isMember = false;
    channel.revalidate('grace');
    channel.begin(subscription, channel.head);
    await expect.poll(() => subscription.state, { message: `first: ${isFirst}` }).toBe('ended');
    resolve();
    await Promise.all(others);
  }
});
