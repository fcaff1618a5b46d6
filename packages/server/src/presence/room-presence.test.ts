import type { PresenceFrame } from '@parlour/protocol/frames';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RoomPresence } from './room-presence.ts';

const ann = { id: 'u1', name: 'Ann' };
const joanna = { id: 'u2', name: 'Joanna' };

describe('presence in a room', () => {
  let frames: PresenceFrame[];
  let presence: RoomPresence;

  beforeEach(() => {
    vi.useFakeTimers();
    frames = [];
    presence = new RoomPresence({ broadcast: (_room, frame) => frames.push(frame) });
  });

  afterEach(() => {
    presence.close();
    vi.useRealTimers();
  });

  const names = () => presence.list('lobby').members.map(({ name }) => name);

  it('I8, fault 17: counts people and not sockets, and takes leave of nobody but the one who left', () => {
    presence.enter('lobby', ann);
    presence.enter('lobby', joanna);
    presence.enter('lobby', ann);
    expect(presence.list('lobby')).toEqual({ members: [ann, joanna], count: 2 });
    presence.leave('lobby', ann);
    vi.advanceTimersByTime(6_000);
    expect(names()).toEqual(['Ann', 'Joanna']);
    presence.leave('lobby', ann);
    vi.advanceTimersByTime(6_000);
    expect(names()).toEqual(['Joanna']);
    expect(frames.at(-1)).toEqual({ type: 'presence', room: 'lobby', entered: [], left: ['u1'], count: 1 });
  });

  it('I8: tells of whoever was away only while somebody else joined and was shown the room without them', () => {
    presence.enter('lobby', ann);
    presence.enterElsewhere('south', 'lobby', joanna);
    vi.advanceTimersByTime(1_000);
    const told = frames.length;
    presence.leaveElsewhere('south', 'lobby', 'u2');
    expect(presence.list('lobby', ann)).toEqual({ members: [ann], count: 1 });
    presence.enterElsewhere('south', 'lobby', joanna);
    vi.advanceTimersByTime(1_000);
    expect(frames.slice(told)).toEqual([{ type: 'presence', room: 'lobby', entered: [joanna], left: [], count: 2 }]);
  });

  it('I10: tells a room only when its turn comes, and then of all who came meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    presence = new RoomPresence({ broadcast: (_room, frame) => frames.push(frame), begin: () => promise });
    presence.enter('lobby', ann);
    vi.advanceTimersByTime(1_000);
    presence.enter('lobby', joanna);
    vi.advanceTimersByTime(1_000);
    expect(frames).toEqual([]);
    resolve();
    await promise;
    expect(frames).toEqual([{ type: 'presence', room: 'lobby', entered: [ann, joanna], left: [], count: 2 }]);
    vi.advanceTimersByTime(10_000);
    expect(frames).toHaveLength(1);
  });

  it('I8, P-PRESENCE-3: neither leaves nor enters when a reload is over within five seconds', () => {
    presence.enter('lobby', ann);
    vi.advanceTimersByTime(1_000);
    const told = frames.length;
    presence.leave('lobby', ann);
    vi.advanceTimersByTime(4_900);
    presence.enter('lobby', ann);
    vi.advanceTimersByTime(20_000);
    expect(names()).toEqual(['Ann']);
    expect(frames.length).toBe(told);
  });

  it('P-PRESENCE-2: gathers what many do at once into frames of at most 100 people', () => {
    for (let i = 0; i < 250; i += 1) presence.enter('lobby', { id: `p${i}`, name: `P${i}` });
    vi.advanceTimersByTime(250);
    expect(frames.map(({ entered, count }) => [entered.length, count])).toEqual([
      [100, 250],
      [100, 250],
      [50, 250],
    ]);
    expect(presence.list('lobby').members).toHaveLength(100);
  });

  it('P-PRESENCE-1: names the one who joins, however many came before', () => {
    presence.enter('lobby', ann);
    expect(presence.list('lobby', ann)).toEqual({ members: [ann], count: 1 });
    for (let i = 0; i < 250; i += 1) presence.enter('lobby', { id: `p${i}`, name: `P${i}` });
    presence.enter('lobby', joanna);
    const { members, count } = presence.list('lobby', joanna);
    expect([members.length, count, new Set(members).size]).toEqual([100, 252, 100]);
    expect(members).toContain(joanna);
  });
});
