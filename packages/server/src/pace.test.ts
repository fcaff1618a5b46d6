import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);

/** A pace by whose clock everything takes a millisecond. */
function openPace() {
  let now = 0;
  const pace = new Pace(() => now);
  const done: (number | string)[] = [];
  const work = (name: number | string) => () => {
    now += 1;
    done.push(name);
  };
  return {
    pace,
    done,
    come: (name: number | string) => void pace.begin().then(work(name)),
    goOn: (name: number | string) => void pace.goOn().then(work(name)),
  };
}

test('I10: lets begin in a turn of the event loop what eight milliseconds are enough for, the others after them in order', async () => {
  const { pace, done, come } = openPace();
  for (const number of numbers(30)) {
    come(number);
    // As from a socket of their own.
    await Promise.resolve();
  }
  expect(done).toEqual(numbers(8));
  expect(pace.waiting).toBe(22);
  await setImmediate();
  // The turn was used up; one goes on in any case.
  expect(done).toEqual(numbers(9));
  await setImmediate();
  expect(done).toEqual(numbers(17));
  // Whoever comes now stands behind those who wait.
  come('late');
  await setImmediate();
  await setImmediate();
  expect(done).toEqual([...numbers(30), 'late']);
  expect(pace.waiting).toBe(0);
});

test('I10: what has begun goes on before others begin, and yet somebody begins in each turn', async () => {
  const { done, come, goOn } = openPace();
  for (const number of numbers(10)) {
    goOn(`part ${number}`);
    come(number);
    await Promise.resolve();
  }
  const turns: (number | string)[][] = [];
  while (done.length < 20) {
    await setImmediate();
    turns.push(done.slice(turns.flat().length));
  }
  expect(turns).toEqual([
    numbers(8).map((number) => `part ${number}`),
    [0],
    [1, 'part 8', 'part 9', 2, 3, 4, 5, 6],
    [7, 8, 9],
  ]);
});

test('I10: what somebody writes at the end of a tick counts for the turn too', async () => {
  let now = 0;
  const pace = new Pace(() => now);
  let begun = 0;
  const come = async () => {
    await pace.begin();
    begun += 1;
    process.nextTick(() => {
      now += 4;
    });
  };
  const all = numbers(10).map(come);
  await setImmediate();
  expect(begun).toBe(10);
  await Promise.all(all);
  begun = 0;
  now += 8;
  const later = numbers(20).map(() => pace.goOn().then(come));
  await setImmediate();
  await setImmediate();
  expect(begun).toBeLessThan(8);
  await Promise.all(later);
  expect(begun).toBe(20);
});

test('keeps nobody waiting who comes alone', async () => {
  const pace = new Pace();
  for (let turn = 0; turn < 100; turn += 1) {
    let begun = false;
    void pace.begin().then(() => {
      begun = true;
    });
    await Promise.resolve();
    expect(begun).toBe(true);
    await setImmediate();
  }
});
