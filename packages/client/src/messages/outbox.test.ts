import { ParlourError } from '@parlour/protocol/errors';
import { beforeEach, describe, expect, test } from 'vitest';
import { ManualEnvironment } from '../../test/manual-environment.ts';
import { Outbox } from './outbox.ts';

describe('Outbox', () => {
  let environment: ManualEnvironment;
  let sent: string[];
  let ids: Record<string, string>;
  let outbox: Outbox;

  beforeEach(() => {
    environment = new ManualEnvironment();
    sent = [];
    ids = {};
    outbox = new Outbox(environment, { transmit: ({ body }) => sent.push(body), changed: () => {} });
  });

  const add = (...bodies: string[]) => {
    for (const body of bodies) ids[body] = outbox.add(body, undefined).id;
  };
  const id = (body: string) => ids[body] ?? '';
  const states = () => outbox.pending.map(({ body, state }) => `${body} ${state}`);

  test('A10: keeps messages while the room takes none, then sends them', () => {
    add('one');
    expect(states()).toEqual(['one waiting']);
    outbox.open();
    expect([sent, states()]).toEqual([['one'], ['one sending']]);
  });

  test('I2: has one message under way, and sends the next when that one is acknowledged', () => {
    outbox.open();
    add('one', 'two');
    expect(sent).toEqual(['one']);
    outbox.acked(id('one'), 5);
    expect(sent).toEqual(['one', 'two']);
  });

  test('I3: a message leaves when its event is there, whether `ack` or event comes first', () => {
    outbox.open();
    add('one', 'two');
    outbox.acked(id('one'), 5);
    expect(states()).toEqual(['one sending', 'two sending']);
    outbox.arrived(id('one'));
    outbox.arrived(id('two'));
    expect(states()).toEqual([]);
    outbox.acked(id('two'), 6);
    expect(states()).toEqual([]);
  });

  test('I3: is busy until the event is there, so that nobody leaves the room between `ack` and event', () => {
    outbox.open();
    add('one');
    outbox.acked(id('one'), 5);
    expect([outbox.isBusy, outbox.unsent]).toEqual([true, []]);
    outbox.arrived(id('one'));
    expect(outbox.isBusy).toBe(false);
  });

  test('an acknowledged message leaves when the events are past it, though its own was in a page that was dropped', () => {
    outbox.open();
    add('one');
    outbox.acked(id('one'), 5);
    outbox.settled(4);
    expect(states()).toEqual(['one sending']);
    outbox.settled(9);
    expect(states()).toEqual([]);
  });

  test('I3: after a cut the same message goes out again with the same id', () => {
    outbox.open();
    add('one', 'two');
    outbox.shut();
    expect(states()).toEqual(['one waiting', 'two waiting']);
    outbox.open();
    expect(sent).toEqual(['one', 'one']);
    expect(outbox.pending[0]?.id).toBe(id('one'));
  });

  test('I1: what was acknowledged before a cut is not sent again', () => {
    outbox.open();
    add('one');
    outbox.acked(id('one'), 5);
    outbox.shut();
    outbox.open();
    expect(sent).toEqual(['one']);
    expect(outbox.unsent).toEqual([]);
  });

  test('A10: a refused message is kept with the sentence, and those behind it go on', () => {
    outbox.open();
    add('one', 'two');
    outbox.refused(id('one'), new ParlourError('not_a_member', 'You are not in this room.'));
    expect(states()).toEqual(['one failed', 'two sending']);
    expect(outbox.pending[0]?.error?.message).toBe('You are not in this room.');
    outbox.retry(id('one'));
    expect(states()).toEqual(['two sending', 'one waiting']);
    outbox.acked(id('two'), 5);
    expect(sent).toEqual(['one', 'two', 'one']);
    expect(outbox.pending[1]?.error).toBeUndefined();
  });

  test.each(['out_of_turn', 'storage_unavailable'] as const)('I2: %s is retried in order by itself', (code) => {
    outbox.open();
    add('one', 'two');
    outbox.refused(id('one'), new ParlourError(code, 'Not now.'));
    expect(states()).toEqual(['one waiting', 'two waiting']);
    environment.advance(500);
    expect(sent).toEqual(['one', 'one']);
  });

  test('rate_limited waits at least as long as `retryAfter` says, in seconds', () => {
    outbox.open();
    add('one');
    outbox.refused(id('one'), new ParlourError('rate_limited', 'Slow down.', { retryAfter: 3 }));
    environment.advance(2_999);
    expect(sent).toEqual(['one']);
    environment.advance(500);
    expect(sent).toEqual(['one', 'one']);
  });

  test('a retry waits no longer for one that was refused before and then arrived, with or without its `ack`', () => {
    environment.randomness = 1;
    outbox.open();
    for (const body of ['one', 'two', 'three']) {
      add(body);
      outbox.refused(id(body), new ParlourError('busy', 'Not now.'));
      environment.advance(500);
      outbox.arrived(id(body));
      outbox.acked(id(body), 5);
    }
    expect(sent).toEqual(['one', 'one', 'two', 'two', 'three', 'three']);
  });

  test('a message can be taken back unless it is under way', () => {
    outbox.open();
    add('one', 'two');
    outbox.discard(id('two'));
    outbox.discard(id('one'));
    expect(states()).toEqual(['one sending']);
  });

  test('messages of an earlier life go out first, and none twice', () => {
    add('two');
    const earlier = { id: 'earlier', body: 'one', at: '2026-01-01T00:00:00.000Z', state: 'waiting' } as const;
    outbox.restore([earlier, ...outbox.pending]);
    expect(states()).toEqual(['one waiting', 'two waiting']);
  });

  test('shutting leaves no timer', () => {
    outbox.open();
    add('one');
    outbox.refused(id('one'), new ParlourError('busy', 'Not now.'));
    expect(environment.timerCount).toBe(1);
    outbox.shut();
    expect(environment.timerCount).toBe(0);
  });
});
