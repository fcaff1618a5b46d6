import { expect, test } from 'vitest';
import { reportSlow, type SlowRound } from './slow-report.ts';

const round: SlowRound = { latencies: [20, 30], closed: 0, growth: 0, loadShare: 0.5 };
const report = (allRead: SlowRound, someDoNot: SlowRound) =>
  reportSlow({ readers: 100, slow: 5, rounds: { 'all read': [allRead], 'some do not': [someDoNot] } });

test('a round in which those who do not read are still open says that it proves little', () => {
  const note = 'In 1 of 1 rounds too little was said for all 5 to be closed: those rounds prove little.';
  expect(report(round, { ...round, closed: 5 }).tables[0]?.notes).not.toContain(note);
  expect(report(round, { ...round, closed: 4 }).tables[0]?.notes).toContain(note);
});

test('a socket that reads and is closed is a fault', () => {
  expect(report(round, { ...round, closed: 5 }).faults).toEqual([]);
  expect(report({ ...round, closed: 1 }, round).faults).toEqual(['1 sockets were closed although they read.']);
});
