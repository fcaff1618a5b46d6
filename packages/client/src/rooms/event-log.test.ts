import type { RoomEvent } from '@parlour/protocol/events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joining, message } from '../../test/sample-events.ts';
import { EventLog } from './event-log.ts';

const seqs = (log: EventLog) => log.list().map((event) => event.seq);
const unknownKind = (seq: number) => ({ ...message(seq), event: 'wave' }) as unknown as RoomEvent;

describe('EventLog', () => {
  test('A11: applies events one after the other, drops repeats and tells a gap', () => {
    const log = new EventLog();
    log.startAfter(0);
    expect(log.apply(joining(1))).toBe('applied');
    expect(log.apply(message(2))).toBe('applied');
    expect(log.apply(message(2))).toBe('duplicate');
    expect(log.apply(message(4))).toBe('gap');
    expect(log.apply(message(3))).toBe('applied');
    expect(seqs(log)).toEqual([1, 2, 3]);
  });

  test('knows no place to go on from before it has one', () => {
    const log = new EventLog();
    expect(log.apply(message(1))).toBe('gap');
    expect(log.last).toBeUndefined();
  });

  test('I2: counts kinds that it does not know and does not keep them', () => {
    const log = new EventLog();
    log.startFrom([message(7), unknownKind(8), message(9)]);
    expect(log.apply(unknownKind(10))).toBe('applied');
    expect(seqs(log)).toEqual([7, 9]);
    expect(log.last).toBe(10);
  });

  test('goes back page by page to the first event', () => {
    const log = new EventLog();
    log.startFrom([message(5), message(6)]);
    expect(log.hasOlder).toBe(true);
    log.prepend([message(3), unknownKind(4)]);
    expect([log.first, log.hasOlder]).toEqual([3, true]);
    log.prepend([joining(1), message(2), message(3)]);
    expect(seqs(log)).toEqual([1, 2, 3, 5, 6]);
    expect(log.hasOlder).toBe(false);
  });

  test('takes nothing from an older page that leaves a hole', () => {
    const log = new EventLog();
    log.startFrom([message(9)]);
    log.prepend([message(5), message(6)]);
    expect(seqs(log)).toEqual([9]);
    expect(log.first).toBe(9);
  });

  test('forgets the oldest and can load them again', () => {
    const log = new EventLog();
    log.startFrom([joining(1), message(2), message(3)]);
    log.trim(1);
    expect([seqs(log), log.first, log.last, log.hasOlder]).toEqual([[3], 3, 3, true]);
  });

  test('fault 7: whatever is lost, repeated or swapped on the way, resuming from `last` gives every event once', () => {
    const faults = fc.array(fc.record({ at: fc.nat(60), kind: fc.constantFrom('lose', 'repeat', 'swap') }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), faults, (count, mishaps) => {
        const room = Array.from({ length: count }, (_, index) => message(index + 1));
        const log = new EventLog();
        log.startAfter(0);
        for (const event of spoil(room, mishaps)) {
          if (log.apply(event) === 'gap') for (const missed of room.slice(log.last)) log.apply(missed);
        }
        for (const missed of room.slice(log.last)) log.apply(missed);
        expect(log.list()).toEqual(room);
      }),
    );
  });
});

function spoil(events: RoomEvent[], faults: { at: number; kind: string }[]): RoomEvent[] {
  const spoiled = [...events];
  for (const { at, kind } of faults) {
    const [event] = spoiled.slice(at, at + 1);
    if (!event) continue;
    if (kind === 'lose') spoiled.splice(at, 1);
    else if (kind === 'repeat') spoiled.push(event);
    else spoiled.unshift(...spoiled.splice(at, 1));
  }
  return spoiled;
}
