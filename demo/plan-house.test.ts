import { limits } from '@parlour/protocol/limits';
import { countCharacters, findBodyFault } from '@parlour/protocol/text';
import { expect, test } from 'vitest';
import { type HousePlan, messageIdOf, planHouse, type RoomPlan } from './plan-house.ts';

const moments = ['2027-03-03T15:20:00', '2027-03-08T00:02:00', '2027-06-26T06:45:00', '2028-02-29T23:59:00'].map(
  Date.parse,
);

function sayings(plan: HousePlan) {
  return plan.rooms.flatMap(({ room, steps }) =>
    steps.flatMap((step) => (step.what === 'say' ? [{ room: room.name, ...step }] : [])),
  );
}

/** Who says something in a room without being in it. */
function findStrangers({ room, steps }: RoomPlan, plan: HousePlan): string[] {
  const isOpen = room.name === 'General';
  const inside = new Map<string, number>();
  for (const { who, at, invite } of plan.arrivals) if (isOpen || invite?.room === room.name) inside.set(who, at);
  const strangers: string[] = [];
  for (const step of steps) {
    if (step.what === 'make' || step.what === 'join') inside.set(step.who, step.at);
    else if (step.what === 'add') inside.set(step.added, step.at);
    else if (step.what === 'leave') inside.delete(step.who);
    else if ((inside.get(step.who) ?? Number.POSITIVE_INFINITY) > step.at) strangers.push(step.who);
  }
  return strangers;
}

test.each(moments)('at %i it is some thousand messages of the days before, in order, by members only', (now) => {
  const plan = planHouse(now);
  const all = sayings(plan);
  expect(all.length).toBeGreaterThan(2_000);
  expect(plan.rooms.flatMap((room) => findStrangers(room, plan))).toEqual([]);
  for (const { steps } of plan.rooms) {
    expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).sort((a, b) => a - b));
  }
  const times = [...all, ...plan.posts, ...plan.arrivals].map(({ at }) => at);
  expect(Math.max(...times)).toBeLessThanOrEqual(now);
  expect(now - Math.max(...times)).toBeLessThan(10 * 60_000);
  expect(now - Math.min(...times)).toBeLessThan(30 * 24 * 60 * 60_000);
});

test('no two messages have the same id, also where somebody talks in two rooms at once', () => {
  // One of the days on which somebody does.
  const plan = planHouse(Date.parse('2026-11-25T05:58:00Z'));
  const moments = sayings(plan).map(({ at, who }) => `${at} ${who}`);
  expect(new Set(moments).size).toBeLessThan(moments.length);
  const ids = plan.rooms.flatMap(({ room, steps }) =>
    steps.flatMap((step) => (step.what === 'say' ? [messageIdOf(room, step)] : [])),
  );
  expect(new Set(ids).size).toBe(moments.length);
});

test('it is the same for the same moment', () => {
  const [now = 0] = moments;
  expect(planHouse(now)).toEqual(planHouse(now));
});

test('what is said can be sent, and little of it twice in one room', () => {
  const plan = planHouse(moments[0] ?? 0);
  const all = sayings(plan);
  expect(all.filter(({ text }) => findBodyFault(text) !== undefined || /[«»|]{2}|«|»/.test(text))).toEqual([]);
  const long = all.filter(({ text }) => text.length > 25).map(({ room, text }) => `${room}: ${text}`);
  expect(new Set(long).size / long.length).toBeGreaterThan(0.65);
  const bodies = all.map(({ text }) => text);
  for (const kind of [
    /\n/,
    /https:\/\/example\.org\//,
    /\p{Extended_Pictographic}/u,
    /=>|SELECT/,
    /@yuki-hanabusa/,
    /^.{400}/s,
  ]) {
    expect(bodies.some((body) => kind.test(body))).toBe(true);
  }
  for (const { title, body } of plan.posts) {
    expect(title).not.toMatch(/[«»]/);
    expect(body).not.toMatch(/[«»]/);
    expect(countCharacters(title)).toBeLessThanOrEqual(limits.titleCharacters);
  }
  expect(plan.posts.length).toBeGreaterThan(10);
});
