import type { PresenceFrame } from '@parlour/protocol/frames';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JsonValue } from '../fanout/fanout.ts';
import { PresenceExchange } from './presence-exchange.ts';
import { RoomPresence } from './room-presence.ts';

const ann = { id: 'u1', name: 'Ann' };
const joanna = { id: 'u2', name: 'Joanna' };
const grace = { id: 'u3', name: 'Grace' };

/** Bytes that a broker is given at once. */
const broker = 120 * 1024;

/** Nodes that hear each other, unless one is deaf: then nothing reaches it and nothing comes from it. */
class Bus {
  readonly nodes: Node[] = [];

  say(from: Node, hear: (node: Node) => void): void {
    if (from.isDeaf) return;
    for (const node of this.nodes) if (node !== from && !node.isDeaf && node.hears) hear(node);
  }
}

class Node {
  readonly watched: string[] = [];
  readonly frames: PresenceFrame[] = [];
  readonly presence: RoomPresence;
  readonly exchange: PresenceExchange;
  isDeaf = false;
  /** Or it is heard, and hears nothing itself. */
  hears = true;

  constructor(bus: Bus, name: string) {
    bus.nodes.push(this);
    this.exchange = new PresenceExchange({
      fanout: {
        publishPresence: (room: string, message: JsonValue) => {
          if (JSON.stringify(message).length < broker)
            bus.say(this, ({ exchange }) => exchange.hear(room, message, name));
        },
        watch: (room) => this.watched.push(room),
        unwatch: (room) => this.watched.splice(this.watched.indexOf(room), 1),
      },
      presence: () => this.presence,
      publishBeat: (beat) => bus.say(this, ({ exchange }) => exchange.hearBeat(name, beat)),
    });
    this.presence = new RoomPresence({ broadcast: (_, frame) => this.frames.push(frame), news: this.exchange });
    this.exchange.start();
  }

  get people(): string[] {
    return this.presence
      .list('lobby')
      .members.map(({ name }) => name)
      .sort();
  }

  close(): void {
    this.exchange.stop();
    this.presence.close();
  }
}

describe('presence over several nodes', () => {
  let bus: Bus;
  let north: Node;
  let south: Node;

  beforeEach(() => {
    vi.useFakeTimers();
    bus = new Bus();
    [north, south] = [new Node(bus, 'north'), new Node(bus, 'south')];
  });
  afterEach(() => {
    for (const node of bus.nodes) node.close();
    vi.useRealTimers();
  });

  it('I8: shows people of all nodes once, whoever looked first', () => {
    north.presence.enter('lobby', ann);
    south.presence.enter('lobby', joanna);
    south.presence.enter('lobby', ann);
    for (const node of [north, south]) expect(node.people).toEqual(['Ann', 'Joanna']);
    vi.advanceTimersByTime(300);
    expect(north.frames.at(-1)).toMatchObject({ entered: [ann, joanna], count: 2 });
  });

  it('I8: hears of a room for as long as somebody here looks at it or may be back in a moment', () => {
    north.presence.enter('lobby', ann);
    north.presence.enter('lobby', grace);
    expect(north.watched).toEqual(['lobby']);
    north.presence.leave('lobby', grace);
    north.presence.leave('lobby', ann);
    vi.advanceTimersByTime(4_000);
    south.presence.enter('lobby', joanna);
    north.presence.enter('lobby', ann);
    expect(north.people).toEqual(['Ann', 'Grace', 'Joanna']);
    north.presence.leave('lobby', ann);
    vi.advanceTimersByTime(6_000);
    expect(north.watched).toEqual([]);
    expect(south.watched).toEqual(['lobby']);
  });

  it('I8: takes leave of somebody only when they are on no node any more', () => {
    north.presence.enter('lobby', ann);
    north.presence.enter('lobby', joanna);
    south.presence.enter('lobby', ann);
    vi.advanceTimersByTime(300);
    south.presence.leave('lobby', ann);
    vi.advanceTimersByTime(6_000);
    expect(north.people).toEqual(['Ann', 'Joanna']);
    south.presence.enter('lobby', joanna);
    north.presence.leave('lobby', ann);
    vi.advanceTimersByTime(6_000);
    for (const node of [north, south]) expect(node.people).toEqual(['Joanna']);
    expect(north.frames.at(-1)).toMatchObject({ left: ['u1'] });
  });

  it('I8: lets go of the people of a node that is silent, within fifteen seconds', () => {
    north.presence.enter('lobby', ann);
    south.presence.enter('lobby', joanna);
    vi.advanceTimersByTime(30_000);
    expect(north.people).toEqual(['Ann', 'Joanna']);
    south.isDeaf = true;
    vi.advanceTimersByTime(5_000);
    expect(north.people).toEqual(['Ann', 'Joanna']);
    vi.advanceTimersByTime(9_000);
    expect(north.people).toEqual(['Ann']);
    south.isDeaf = false;
    south.exchange.renew();
    expect(north.people).toEqual(['Ann', 'Joanna']);
    expect(south.people).toEqual(['Ann', 'Joanna']);
  });

  it('P-PRESENCE-3: neither leaves nor enters who comes back on another node when theirs stops', () => {
    const third = new Node(bus, 'third');
    north.presence.enter('lobby', ann);
    south.presence.enter('lobby', joanna);
    vi.advanceTimersByTime(300);
    const told = north.frames.length;
    south.close();
    bus.nodes.splice(bus.nodes.indexOf(south), 1);
    vi.advanceTimersByTime(3_000);
    third.presence.enter('lobby', joanna);
    vi.advanceTimersByTime(20_000);
    expect(north.people).toEqual(['Ann', 'Joanna']);
    expect(north.frames.length).toBe(told);
  });

  it('hears again what was said while a node was not heard', () => {
    north.presence.enter('lobby', ann);
    south.presence.enter('lobby', joanna);
    south.isDeaf = true;
    vi.advanceTimersByTime(9_000);
    south.presence.leave('lobby', joanna);
    vi.advanceTimersByTime(6_000);
    expect(north.people).toEqual(['Ann']);
    south.isDeaf = false;
    south.presence.enter('lobby', joanna);
    vi.advanceTimersByTime(3_000);
    for (const node of [north, south]) expect(node.people).toEqual(['Ann', 'Joanna']);
  });

  it('I8: finds out what was lost of what another said, within fifteen seconds', () => {
    north.presence.enter('lobby', ann);
    south.presence.enter('lobby', joanna);
    vi.advanceTimersByTime(30_000);
    lose(() => south.presence.enter('lobby', grace));
    vi.advanceTimersByTime(15_000);
    expect(north.people).toEqual(['Ann', 'Grace', 'Joanna']);
    south.presence.leave('lobby', grace);
    vi.advanceTimersByTime(4_999);
    lose(() => vi.advanceTimersByTime(1));
    vi.advanceTimersByTime(10_000);
    expect(north.people).toEqual(['Ann', 'Joanna']);
    south.presence.leave('lobby', joanna);
    vi.advanceTimersByTime(4_999);
    lose(() => vi.advanceTimersByTime(1));
    vi.advanceTimersByTime(10_000);
    expect(north.people).toEqual(['Ann']);
  });

  it('I8: is told who is there also when it hears others only some seconds after it asked', () => {
    south.presence.enter('lobby', joanna);
    vi.advanceTimersByTime(30_000);
    north.hears = false;
    north.presence.enter('lobby', ann);
    vi.advanceTimersByTime(3_000);
    expect(north.people).toEqual(['Ann']);
    north.hears = true;
    vi.advanceTimersByTime(12_000);
    expect(north.people).toEqual(['Ann', 'Joanna']);
  });

  it('I8: asks anew for the people of a node that it had given up, and that never missed anything itself', () => {
    north.presence.enter('lobby', ann);
    south.presence.enter('lobby', joanna);
    vi.advanceTimersByTime(30_000);
    north.hears = false;
    vi.advanceTimersByTime(15_000);
    expect(north.people).toEqual(['Ann']);
    north.hears = true;
    vi.advanceTimersByTime(3_000);
    expect(north.people).toEqual(['Ann', 'Joanna']);
  });

  it('I8: lets go of who left while their node was not heard for almost as long as makes a node gone', () => {
    north.presence.enter('lobby', ann);
    south.presence.enter('lobby', joanna);
    south.presence.enter('attic', grace);
    south.presence.leave('lobby', joanna);
    vi.advanceTimersByTime(4_100);
    south.isDeaf = true;
    vi.advanceTimersByTime(12_400);
    expect(north.people).toEqual(['Ann', 'Joanna']);
    // It has nobody in the lobby any more, and nothing more to say of it.
    south.isDeaf = false;
    south.exchange.renew();
    vi.advanceTimersByTime(15_000);
    expect(north.people).toEqual(['Ann']);
    south.presence.enter('lobby', joanna);
    north.exchange.renew();
    vi.advanceTimersByTime(15_000);
    expect(north.people).toEqual(['Ann', 'Joanna']);
  });

  it.each([1_000, 7_000, 10_000])(
    'I8: shows whoever comes to a node that had nobody left, %i ms after it was asked for them',
    (waited) => {
      north.presence.enter('lobby', ann);
      north.presence.enterElsewhere('south', 'lobby', joanna);
      north.exchange.renew();
      vi.advanceTimersByTime(waited);
      // Nor does it hear of the room at once.
      south.hears = false;
      south.presence.enter('lobby', grace);
      vi.advanceTimersByTime(2_500);
      south.hears = true;
      vi.advanceTimersByTime(15_000);
      expect(north.people).toEqual(['Ann', 'Grace']);
      expect(north.frames.flatMap(({ left }) => left)).toEqual([joanna.id]);
    },
  );

  it('I8: keeps the people of a node that hears nothing for almost as long as makes others gone, and is asked just then', () => {
    north.presence.enter('lobby', ann);
    south.presence.enter('lobby', joanna);
    vi.advanceTimersByTime(30_000);
    south.hears = false;
    north.exchange.renew();
    vi.advanceTimersByTime(7_900);
    south.hears = true;
    vi.advanceTimersByTime(30_000);
    for (const node of [north, south]) expect(node.people).toEqual(['Ann', 'Joanna']);
    expect(north.frames.flatMap(({ left }) => left)).toEqual([]);
  });

  it('I8: tells of however many people there are in a room, whatever they are called', () => {
    const crowd = Array.from({ length: 1_000 }, (_, i) => ({ id: `person-${i}`, name: '\u0001'.repeat(80) }));
    for (const person of crowd) north.presence.enter('lobby', person);
    vi.advanceTimersByTime(30_000);
    south.presence.enter('lobby', ann);
    expect(south.presence.list('lobby').count).toBe(1_001);
    vi.advanceTimersByTime(30_000);
    expect(south.frames.at(-1)).toMatchObject({ count: 1_001 });
    expect(south.frames.flatMap(({ left }) => left)).toEqual([]);
  });

  /** Nothing that is said meanwhile arrives anywhere. */
  function lose(work: () => void): void {
    south.isDeaf = true;
    work();
    south.isDeaf = false;
  }

  it('leaves alone what a newer node says', () => {
    north.presence.enter('lobby', ann);
    expect(north.exchange.hear('lobby', { kind: 'waved', person: joanna }, 'south')).toBe(false);
    expect(north.exchange.hear('lobby', 'nothing', 'south')).toBe(false);
    expect(north.people).toEqual(['Ann']);
  });
});
