import { describe, expect, it } from 'vitest';
import { createRateLimits, networkOf, RateLimit } from './rate-limit.ts';

function createLimit(keyMaximum = 100) {
  const time = { now: 1_000_000 };
  const limit = new RateLimit({ perSecond: 0.5, burst: 3, clock: { now: () => time.now }, keyMaximum });
  const passes = (key: string) => {
    try {
      limit.count(key);
      return true;
    } catch {
      return false;
    }
  };
  return { time, limit, passes };
}

describe('a limit (fault 15)', () => {
  it('lets a burst through, then as many as grow back, for each key by itself', () => {
    const { time, limit, passes } = createLimit();
    expect([1, 2, 3, 4].map(() => passes('ada'))).toEqual([true, true, true, false]);
    expect(passes('grace')).toBe(true);
    expect(() => limit.count('ada')).toThrow(expect.objectContaining({ code: 'rate_limited', retryAfter: 2 }));
    time.now += 2_000;
    expect([passes('ada'), passes('ada')]).toEqual([true, false]);
  });

  it('holds a set number of keys, and forgets the one that was silent longest', () => {
    const { passes } = createLimit(2);
    for (let i = 0; i < 3; i += 1) passes('ada');
    passes('grace');
    expect(passes('ada')).toBe(false);
    passes('linus');
    expect(passes('ada')).toBe(false);
    passes('grace');
    passes('linus');
    expect(passes('ada')).toBe(true);
  });

  it('is off only where the setting says so', () => {
    const clock = { now: () => 0 };
    const flood = (on: boolean) => () => {
      const { signUp } = createRateLimits(clock, on);
      for (let i = 0; i < 1_000; i += 1) signUp.count('192.0.2.1');
    };
    expect(flood(false)).not.toThrow();
    expect(flood(true)).toThrow(expect.objectContaining({ code: 'rate_limited' }));
  });
});

describe('a network', () => {
  it('is one IPv4 address, or the /64 that one IPv6 subscriber holds', () => {
    expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
    expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0');
    expect(networkOf('2001:DB8:0:0:ffff::7')).toBe('2001:db8:0:0');
    expect(networkOf('2001:0db8:0000:0001:1:2:3:4')).toBe('2001:db8:0:1');
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0');
    expect(networkOf('::1')).toBe('0:0:0:0');
  });
});
