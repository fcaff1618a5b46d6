import { beforeEach, describe, expect, test } from 'vitest';
import { ManualEnvironment } from '../../test/manual-environment.ts';
import { Renewal } from './renewal.ts';

describe('Renewal', () => {
  let environment: ManualEnvironment;
  let renewals: number;
  let renewal: Renewal;

  beforeEach(() => {
    environment = new ManualEnvironment();
    renewals = 0;
    renewal = new Renewal(environment, () => {
      renewals += 1;
    });
  });

  test('A8: is due at 80 % of what is left of the token’s life', () => {
    renewal.start(300_000);
    environment.advance(239_999);
    expect(renewals).toBe(0);
    environment.advance(1);
    expect(renewals).toBe(1);
  });

  test('fault 6: a token that has little left, as after a reload, is renewed soon', () => {
    renewal.start(10_000);
    environment.advance(8_000);
    expect(renewals).toBe(1);
  });

  test('A8, fault 6: after a laptop’s sleep it is due with the first tick, though its timer stood still', () => {
    renewal.start(300_000);
    environment.advance(20_000);
    environment.sleep(3_600_000);
    environment.advance(15_000);
    expect(renewals).toBe(1);
  });

  test('after a short sleep too, since the connection may be gone', () => {
    renewal.start(300_000);
    environment.sleep(30_000);
    environment.advance(15_000);
    expect(renewals).toBe(1);
  });

  test('a clock that is set back does not let the token lapse', () => {
    renewal.start(300_000);
    environment.sleep(-3_600_000);
    environment.advance(15_000);
    expect(renewals).toBe(1);
  });

  test('a page that comes to the front asks the wall clock at once', () => {
    renewal.start(300_000);
    renewal.check();
    expect(renewals).toBe(0);
    environment.sleep(300_000);
    renewal.check();
    expect(renewals).toBe(1);
  });

  test('comes back after a failure, and renews once for each start', () => {
    renewal.start(10_000);
    environment.advance(8_000);
    environment.advance(60_000);
    expect(renewals).toBe(1);
    renewal.postpone(5_000);
    environment.advance(5_000);
    expect(renewals).toBe(2);
  });

  test('a token of no known life makes no tight loop', () => {
    renewal.start(0);
    environment.advance(999);
    expect(renewals).toBe(0);
  });

  test('stopped, it leaves no timer and does not fire', () => {
    renewal.start(10_000);
    renewal.stop();
    expect(environment.timerCount).toBe(0);
    renewal.now();
    renewal.check();
    expect(renewals).toBe(0);
  });
});
