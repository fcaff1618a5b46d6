import { beforeEach, describe, expect, it } from 'vitest';
import { GuessDelay } from './guess-delay.ts';

describe('the delay of guesses', () => {
  let now: number;
  let delay: GuessDelay;
  const guess = (key: string, times: number) => {
    for (let n = 0; n < times; n += 1) delay.count(key);
  };

  beforeEach(() => {
    now = 1_000_000;
    delay = new GuessDelay({ clock: { now: () => now }, keyMaximum: 3 });
  });

  it('is none for nine, then doubles, up to five minutes, and ends after a day', () => {
    guess('ada', 9);
    expect(delay.waitOf('ada')).toBe(0);
    guess('ada', 1);
    expect(delay.waitOf('ada')).toBe(1_000);
    guess('ada', 1);
    expect(delay.waitOf('ada')).toBe(2_000);
    guess('ada', 50);
    expect(delay.waitOf('ada')).toBe(300_000);
    expect(delay.waitOf('grace')).toBe(0);
    now += 25 * 60 * 60 * 1_000;
    guess('ada', 9);
    expect(delay.waitOf('ada')).toBe(0);
  });

  it('takes back what was right or not judged, also after others came in between', () => {
    guess('ada', 9);
    const takeBack = delay.count('ada');
    takeBack();
    expect(delay.waitOf('ada')).toBe(0);
    const early = delay.count('grace');
    guess('grace', 8);
    early();
    guess('grace', 1);
    expect(delay.waitOf('grace')).toBe(0);
  });

  it('holds a set number of keys, and forgets the one that was silent longest (I9)', () => {
    guess('ada', 12);
    for (const key of ['grace', 'linus']) delay.count(key);
    delay.count('ada');
    delay.count('eve');
    expect(delay.waitOf('ada')).toBeGreaterThan(0);
    guess('grace', 9);
    expect(delay.waitOf('grace')).toBe(0);
  });
});
