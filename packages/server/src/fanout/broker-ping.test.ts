import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BrokerPing } from './broker-ping.ts';

let ping: BrokerPing;
let sent: number;
let silences: number;
let isBlocked: boolean;
let now: number;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  [sent, silences, isBlocked, now] = [0, 0, false, 0];
  const send = () => {
    sent += 1;
    return !isBlocked;
  };
  ping = new BrokerPing({ send, onSilence: () => (silences += 1) }, () => now);
});
afterEach(() => {
  ping.stop();
  vi.useRealTimers();
});

/** Lets time pass, in steps of the interval. */
function pass(steps: number): void {
  for (let i = 0; i < steps; i += 1) {
    now += 500;
    vi.advanceTimersByTime(500);
  }
}

test('asks at once and then twice a second', () => {
  expect(sent).toBe(1);
  pass(2);
  expect(sent).toBe(3);
});

test('silence is noticed within two seconds, and not while answers come', () => {
  for (let i = 0; i < 10; i += 1) {
    pass(1);
    ping.returned();
  }
  expect(silences).toBe(0);
  pass(2);
  expect(silences).toBe(0);
  pass(1);
  expect(silences).toBe(1);
});

test('a process that stood still first listens again', () => {
  now += 60_000;
  pass(1);
  expect(silences).toBe(0);
  pass(3);
  expect(silences).toBe(1);
});

test('a broker that takes nothing for now is not dead', () => {
  isBlocked = true;
  pass(20);
  expect(silences).toBe(0);
  isBlocked = false;
  pass(2);
  expect(silences).toBe(0);
  pass(1);
  expect(silences).toBe(1);
});
