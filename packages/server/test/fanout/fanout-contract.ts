import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fanout } from '../../src/fanout/fanout.ts';
import { FanoutRecorder } from './fanout-recorder.ts';
import { makeEvent } from './make-event.ts';

export type FanoutContract = {
  /** A fan-out that is ready. */
  open(): Promise<Fanout>;
  /** Resolves when whatever was published before would have come back, if it were to. */
  settle(fanout: Fanout): Promise<void>;
};

/** What every fan-out keeps, whether it reaches other nodes or not. */
export function describeFanout(name: string, { open, settle }: FanoutContract): void {
  describe(name, () => {
    let fanout: Fanout;
    const listeners = [new FanoutRecorder(), new FanoutRecorder()] as const;
    const [ada] = listeners;
    beforeAll(async () => {
      fanout = await open();
      for (const listener of listeners) fanout.listen(listener);
    });
    afterAll(() => fanout.close());

    test('is ready', () => {
      expect(fanout.state).toEqual({ name: 'ready' });
    });

    test('I2: its node hears its own events at once, in order and once, watching or not', async () => {
      for (let seq = 1; seq <= 3; seq += 1) fanout.publish(makeEvent('lobby', seq));
      for (const listener of listeners) expect(listener.seqsOf('lobby')).toEqual([1, 2, 3]);
      fanout.watch('lobby');
      fanout.publish(makeEvent('lobby', 4));
      expect(ada.events.at(-1)).toEqual(makeEvent('lobby', 4));
      await settle(fanout);
      for (const listener of listeners) expect(listener.seqsOf('lobby')).toEqual([1, 2, 3, 4]);
    });

    test('its node does not hear its own presence and control', async () => {
      fanout.watch('lobby');
      fanout.publishPresence('lobby', { user: 'ada' });
      fanout.publishControl({ kind: 'rename' });
      await settle(fanout);
      expect(ada.presences).toEqual([]);
      expect(ada.controls.filter(({ message }) => typeof message === 'object')).toEqual([]);
    });

    test('bears to be told to stop watching what nobody watches', () => {
      fanout.unwatch('designers');
      fanout.watch('designers');
      fanout.unwatch('designers');
      fanout.unwatch('designers');
      expect(fanout.state).toEqual({ name: 'ready' });
    });

    test('is silent once it is closed, and may be closed again', async () => {
      const heard = ada.events.length;
      await fanout.close();
      fanout.publish(makeEvent('lobby', 5));
      fanout.publishPresence('lobby', null);
      fanout.publishControl(null);
      fanout.watch('lobby');
      fanout.unwatch('lobby');
      expect(ada.events).toHaveLength(heard);
      await fanout.close();
    });
  });
}
