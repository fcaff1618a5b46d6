import type { RoomEvent } from '@parlour/protocol/events';
import type { ServerFrame } from '@parlour/protocol/frames';
import { expect, it } from 'vitest';
import { Channel } from './channel.ts';
import type { Peer } from './peer.ts';
import { Subscription } from './subscription.ts';

const event = (seq: number): RoomEvent => ({
  room: 'lobby',
  seq,
  event: 'message',
  at: '2026-01-01T00:00:00.000Z',
  id: `m-${seq}`,
  author: { id: 'ada', name: 'Ada' },
  body: 'Hello',
  position: seq,
});

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

  deliver(frame: ServerFrame): void {
    this.#room -= 1;
    if (frame.type === 'event') this.seqs.push(frame.seq);
  }

  deliverShared(): void {}
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

it('I4, I9: keeps nothing of a replay for a peer that does not read, and goes on where it was once it does', async () => {
  const asked: [after: number, limit: number][] = [];
  const head = 9;
  const list = async (after: number, limit: number) => {
    asked.push([after, limit]);
    return Array.from({ length: Math.min(limit, head - after) }, (_, i) => event(after + 1 + i));
  };
  const channel = new Channel(
    'lobby',
    {
      findHead: async () => head,
      listEventsAfter: (_room, after, limit) => list(after, limit),
      listEventsFor: (_room, _user, after, limit) => list(after, limit),
    },
    { onEnd: () => undefined, onError: (error) => expect.fail(String(error)) },
  );
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
  const channel = new Channel(
    'lobby',
    {
      findHead: async () => 9,
      listEventsAfter: async () => [],
      listEventsFor: async (_room, user) => {
        asked.push(user);
        return user === 'grace' ? undefined : [];
      },
    },
    { onEnd: () => undefined, onError: (error) => expect.fail(String(error)) },
  );
  channel.noticeHead(9);
  const begin = (doubt: boolean) => {
    const subscription = new Subscription(new SlowReader(), 'lobby');
    subscription.cursor = 9;
    channel.register(subscription);
    if (doubt) channel.revalidate('grace');
    channel.begin(subscription);
    return subscription;
  };
  expect(begin(false).state).toBe('live');
  expect(asked).toEqual([]);
  const doubtful = begin(true);
  expect(doubtful.state).toBe('replaying');
  await expect.poll(() => doubtful.state).toBe('ended');
  expect(asked).toContain('grace');
});
