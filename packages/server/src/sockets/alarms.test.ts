import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Alarm, Alarms } from './alarms.ts';

const day = 86_400_000;

class Bell implements Alarm {
  ringsAt = 0;
  rung: number[] = [];
  /** What it does when it rings. */
  act: () => void = () => undefined;

  ring(): void {
    this.rung.push(performance.now());
    this.act();
  }
}

describe('alarms', () => {
  let alarms: Alarms;
  let errors: unknown[];

  beforeEach(() => {
    vi.useFakeTimers();
    errors = [];
    alarms = new Alarms((error) => errors.push(error));
  });
  afterEach(() => {
    alarms.close();
    vi.useRealTimers();
  });

  function set(milliseconds: number, act?: () => void): Bell {
    const bell = new Bell();
    if (act !== undefined) bell.act = act;
    alarms.set(bell, milliseconds);
    return bell;
  }

  it('ring in order, never early and at most 100 ms late, by one timer', () => {
    const order: string[] = [];
    const from = performance.now();
    const bells = { slow: 20_000, soon: 50, later: 1_234.5, now: 0 };
    const set_ = Object.entries(bells).map(([name, after]) => ({ after, bell: set(after, () => order.push(name)) }));
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(60_000);
    expect(order).toEqual(['soon', 'now', 'later', 'slow']);
    for (const { after, bell } of set_) {
      expect(bell.rung).toHaveLength(1);
      const late = (bell.rung[0] ?? 0) - from - after;
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThanOrEqual(101);
    }
  });

  it('one that is set anew rings only at its new time, be it sooner or later', () => {
    const [postponed, hurried] = [set(1_000), set(5_000)];
    alarms.set(postponed, 10_000);
    alarms.set(hurried, 100);
    vi.advanceTimersByTime(300);
    expect([postponed.rung.length, hurried.rung.length]).toEqual([0, 1]);
    vi.advanceTimersByTime(9_000);
    expect(postponed.rung).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(postponed.rung).toHaveLength(1);
  });

  it('one may be set again while it rings, also for at once', () => {
    const bell = set(0, () => {
      if (bell.rung.length < 3) alarms.set(bell, 0);
    });
    vi.advanceTimersByTime(1_000);
    expect(bell.rung).toHaveLength(3);
    expect(alarms.size).toBe(0);
  });

  it('one that is cancelled does not ring, also by another of the same moment, and is not held', () => {
    const cancelled = set(1_000);
    const others = [set(500, () => cancelOthers(0)), set(500, () => cancelOthers(1)), set(500, () => cancelOthers(2))];
    const cancelOthers = (own: number) => {
      for (const [index, other] of others.entries()) if (index !== own) alarms.cancel(other);
    };
    alarms.cancel(cancelled);
    alarms.cancel(cancelled);
    expect(alarms.size).toBe(3);
    vi.advanceTimersByTime(2_000);
    expect(cancelled.rung).toEqual([]);
    expect(others.map(({ rung }) => rung.length)).toEqual([1, 0, 0]);
    expect([alarms.size, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('a thousand that are set and cancelled leave nothing behind', () => {
    const bells = Array.from({ length: 1_000 }, (_, number) => set(number * 37));
    expect(alarms.size).toBe(1_000);
    for (const bell of bells) alarms.cancel(bell);
    expect(alarms.size).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rings beyond what a timer can hold, and not before', () => {
    const bell = set(30 * day);
    vi.advanceTimersByTime(30 * day - 1);
    expect(bell.rung).toEqual([]);
    vi.advanceTimersByTime(102);
    expect(bell.rung).toHaveLength(1);
  });

  it('rings everything that is over when the process did nothing for long', () => {
    const order: number[] = [];
    for (const after of [3_000, 1_000, 2_000]) set(after, () => order.push(after));
    vi.setSystemTime(Date.now() + 10_000);
    vi.advanceTimersByTime(10_000);
    expect(order).toEqual([1_000, 2_000, 3_000]);
  });

  it('one that fails does not keep the others from ringing', () => {
    set(100, () => {
      throw new Error('stumbled');
    });
    const [same, later] = [set(100), set(1_000)];
    vi.advanceTimersByTime(2_000);
    expect([same.rung.length, later.rung.length]).toEqual([1, 1]);
    expect(errors).toEqual([new Error('stumbled')]);
  });

  it('none rings any more once they are closed', () => {
    const bell = set(100);
    alarms.close();
    vi.advanceTimersByTime(1_000);
    expect([bell.rung, alarms.size, vi.getTimerCount()]).toEqual([[], 0, 0]);
  });
});

it('alarms do not keep a process alive', async () => {
  const module = JSON.stringify(new URL('./alarms.ts', import.meta.url).href);
  const program = `const { Alarms } = await import(${module});
    new Alarms(() => {}).set({ ringsAt: 0, ring() { console.log('rung'); } }, 60_000);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  expect(stdout).toBe('');
});

it('ring at once where their time has passed while others rang, without a warning of Node’s', async () => {
  const program = `
    import { Alarms } from '${new URL('./alarms.ts', import.meta.url)}';
    const alarms = new Alarms(console.log);
    const busy = () => {
      const until = performance.now() + 300;
      while (performance.now() < until);
    };
    alarms.set({ ringsAt: 0, ring: busy }, 1);
    const alive = setInterval(() => {}, 60_000);
    const end = () => {
      console.log('rung');
      clearInterval(alive);
    };
    alarms.set({ ringsAt: 0, ring: end }, 150);`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  expect(stdout).toBe('rung\n');
  expect(stderr).toBe('');
});
