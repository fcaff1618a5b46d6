import { describe, expect, test } from 'vitest';
import { ManualEnvironment } from '../../test/manual-environment.ts';
import { ReadMark } from './read-mark.ts';

describe('ReadMark', () => {
  test('sends the first at once and then the newest, never backwards', () => {
    const environment = new ManualEnvironment();
    const sent: number[] = [];
    const mark = new ReadMark(environment, (seq) => sent.push(seq) > 0);
    for (const seq of [5, 6, 9, 7]) mark.mark(seq);
    expect(sent).toEqual([5]);
    environment.advance(500);
    expect(sent).toEqual([5, 9]);
    environment.advance(500);
    mark.mark(9);
    expect(sent).toEqual([5, 9]);
    expect(environment.timerCount).toBe(0);
  });

  test('a room that is left at once keeps no mark back', () => {
    const environment = new ManualEnvironment();
    const sent: number[] = [];
    const mark = new ReadMark(environment, (seq) => sent.push(seq) > 0);
    mark.mark(5);
    mark.mark(6);
    mark.finish();
    expect([sent, environment.timerCount]).toEqual([[5, 6], 0]);
  });

  test('sends once more what may have been lost, and only the newest', () => {
    const environment = new ManualEnvironment();
    const sent: number[] = [];
    const mark = new ReadMark(environment, (seq) => sent.push(seq) > 0);
    mark.mark(5);
    environment.advance(500);
    mark.repeat(1_000);
    environment.advance(999);
    expect(sent).toEqual([5]);
    mark.mark(6);
    environment.advance(1);
    expect(sent).toEqual([5, 6]);
    environment.advance(500);
    mark.repeat();
    mark.pause();
    mark.flush();
    expect(sent).toEqual([5, 6, 6]);
    environment.advance(500);
    expect(environment.timerCount).toBe(0);
  });

  test('keeps the mark until it can be sent', () => {
    const sent: number[] = [];
    let isJoined = false;
    const mark = new ReadMark(new ManualEnvironment(), (seq) => isJoined && sent.push(seq) > 0);
    mark.mark(5);
    isJoined = true;
    mark.flush();
    expect(sent).toEqual([5]);
  });
});
