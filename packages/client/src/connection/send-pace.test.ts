import { limits } from '@parlour/protocol/limits';
import { describe, expect, test } from 'vitest';
import { ManualEnvironment } from '../../test/manual-environment.ts';
import { SendPace } from './send-pace.ts';

describe('SendPace', () => {
  test('I9: a thousand commands at once go out in order and never faster than the server takes them', () => {
    const environment = new ManualEnvironment();
    const pace = new SendPace(environment);
    const sent: { index: number; at: number }[] = [];
    pace.start();
    const begin = environment.now();
    for (let index = 0; index < limits.joinedRooms; index += 1) {
      pace.send(() => sent.push({ index, at: environment.now() - begin }));
    }
    environment.advance(60_000);
    expect(sent.map(({ index }) => index)).toEqual(Array.from({ length: limits.joinedRooms }, (_, index) => index));
    for (const { index, at } of sent) {
      expect(index + 1).toBeLessThanOrEqual(limits.frameBurst + (limits.framesPerSecond * at) / 1000);
    }
  });

  test('a few go out at once, and what waited for a socket that is gone is dropped', () => {
    const environment = new ManualEnvironment();
    const pace = new SendPace(environment);
    let sent = 0;
    pace.start();
    for (let index = 0; index < 500; index += 1) {
      pace.send(() => {
        sent += 1;
      });
    }
    const atOnce = sent;
    expect(atOnce).toBeGreaterThan(100);
    pace.stop();
    expect(environment.timerCount).toBe(0);
    environment.advance(60_000);
    expect(sent).toBe(atOnce);
  });
});
