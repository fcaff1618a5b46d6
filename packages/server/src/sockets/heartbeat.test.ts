import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Alarms } from './alarms.ts';
import { Heartbeat } from './heartbeat.ts';

describe('one connection’s times', () => {
  let alarms: Alarms;
  let heartbeat: Heartbeat;
  let pings: number[];
  let gaveUpAt: number | undefined;
  let closedAt: number | undefined;
  let endsAt: number;

  beforeEach(() => {
    vi.useFakeTimers();
    const from = performance.now();
    const passed = () => performance.now() - from;
    pings = [];
    gaveUpAt = undefined;
    closedAt = undefined;
    endsAt = Number.POSITIVE_INFINITY;
    alarms = new Alarms((error) => {
      throw error;
    });
    const owner = {
      ping: () => void pings.push(passed()),
      giveUp: () => {
        gaveUpAt = passed();
        heartbeat.stop();
      },
      closeIfOver: () => {
        if (passed() < endsAt) return endsAt - passed();
        closedAt = passed();
        heartbeat.stop();
        return 0;
      },
    };
    heartbeat = new Heartbeat(alarms, owner, { pingInterval: 20_000, heartbeatTimeout: 45_000 });
    heartbeat.watch();
  });
  afterEach(() => {
    alarms.close();
    vi.useRealTimers();
  });

  it('P-PING-1, I9: pings every 20 seconds as long as the peer is heard, by one alarm', () => {
    for (let second = 0; second < 600; second += 1) {
      vi.advanceTimersByTime(1_000);
      if (second % 30 === 0) heartbeat.hear();
    }
    expect(alarms.size).toBe(1);
    expect(gaveUpAt).toBeUndefined();
    expect(pings.map((at) => Math.floor(at / 1_000))).toEqual(Array.from({ length: 29 }, (_, i) => (i + 1) * 20));
  });

  it('P-PING-1, I9: gives up after 45 seconds of silence, and then leaves nothing behind', () => {
    vi.advanceTimersByTime(10_000);
    heartbeat.hear();
    vi.advanceTimersByTime(100_000);
    expect(gaveUpAt).toBeGreaterThanOrEqual(55_000);
    expect(gaveUpAt).toBeLessThan(55_300);
    expect([pings.length, alarms.size]).toEqual([2, 0]);
  });

  it('P-AUTH-7, I7: closes when its time is over, however often that moved, and within 100 ms', () => {
    for (const moved of [5_000, 25_000, 12_345]) {
      endsAt = moved;
      heartbeat.watch();
    }
    vi.advanceTimersByTime(60_000);
    expect(closedAt).toBeGreaterThanOrEqual(12_345);
    expect(closedAt).toBeLessThan(12_450);
    expect([pings, gaveUpAt, alarms.size]).toEqual([[], undefined, 0]);
  });
});
