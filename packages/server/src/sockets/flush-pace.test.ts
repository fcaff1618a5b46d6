import { beforeEach, describe, expect, test } from 'vitest';
import { FlushPace } from './flush-pace.ts';

describe('the pause after writing to many', () => {
  let now: number;
  let pace: FlushPace;
  const write = (frames: number, sockets: number, took: number) =>
    pace.measure(frames, sockets, () => {
      now += took;
    });

  beforeEach(() => {
    now = 1_000;
    pace = new FlushPace(() => now);
  });

  test('is there while several talk, shrinks with time, and is over', () => {
    write(4_000, 1_000, 4);
    const { pause } = pace;
    expect(pause).toBeGreaterThan(0);
    expect(pause).toBeLessThan(4);
    now += pause / 2;
    expect(pace.pause).toBeCloseTo(pause / 2);
    now += pause;
    expect(pace.pause).toBe(0);
  });

  test('is not there for one who talks alone', () => {
    write(1_001, 1_000, 4);
    expect(pace.pause).toBe(0);
  });

  test('is not there where many get an answer each, and what it is about', () => {
    write(2_000, 1_000, 4);
    expect(pace.pause).toBe(0);
  });

  test('is not there where writing takes no time, however many talk', () => {
    write(800, 50, 0.5);
    expect(pace.pause).toBe(0);
  });

  test('is no longer than anybody may be kept waiting', () => {
    write(160_000, 10_000, 80);
    expect(pace.pause).toBe(10);
  });

  test('is forgotten with the next writing', () => {
    write(4_000, 1_000, 4);
    write(1_000, 1_000, 4);
    expect(pace.pause).toBe(0);
  });
});
