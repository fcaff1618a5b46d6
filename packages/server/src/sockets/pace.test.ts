import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { authenticateConnection } from './authenticate-connection.ts';
import type { Connection } from './connection.ts';
import type { ConnectionDeps } from './connection-deps.ts';
import { Pace } from './pace.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

test('I10: lets 32 begin in a turn of the event loop, and the others after them in the order in which they came', async () => {
  const pace = new Pace();
  const begun: number[] = [];
  const come = (from: number, to: number) => {
    for (let i = from; i < to; i += 1) void pace.begin().then(() => begun.push(i));
  };
  come(0, 100);
  await Promise.resolve();
  expect(begun).toEqual(numbers(32));
  await setImmediate();
  expect(begun).toEqual(numbers(64));
  // Whoever comes now stands behind those who wait.
  come(100, 110);
  await setImmediate();
  expect(begun).toEqual(numbers(96));
  await setImmediate();
  expect(begun).toEqual(numbers(110));
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

/** Sockets that all hand in a token at the same time, and what became of them. */
function gatherCrowd(people: number) {
  const verified: string[] = [];
  const deps = {
    pace: new Pace(),
    verifyToken: async (token: string) => {
      verified.push(token);
      return { sub: 'ada', sid: 'a-session', expiresAt: 2_000 };
    },
    hasTooMany: () => false,
    onIdentify: () => undefined,
    findGrant: async () => ({ user: { id: 'ada', name: 'Ada' }, mayWrite: true, expiresAt: 3_000, endsAt: 4_000 }),
  } as Partial<ConnectionDeps> as ConnectionDeps;
  const crowd = numbers(people).map(() => ({
    userId: 'ada',
    grantId: 'a-session',
    isOpen: true,
    isAuthenticated: false,
    expiresAt: 0,
    authenticate(_grant: unknown, expiresAt: number) {
      this.expiresAt = expiresAt;
    },
  }));
  const come = (at: number) => authenticateConnection(deps, crowd[at] as unknown as Connection, `token-${at}`);
  return { verified, crowd, come };
}

test('I10: the tokens of a crowd are checked 32 a turn, and all are let in', async () => {
  const { verified, crowd, come } = gatherCrowd(200);
  const all = numbers(200).map(come);
  for (const checked of [64, 96, 128, 160, 192, 200]) {
    await setImmediate();
    expect(verified).toHaveLength(checked);
  }
  await Promise.all(all);
  expect(verified).toEqual(numbers(200).map((number) => `token-${number}`));
  expect(crowd.every(({ expiresAt }) => expiresAt === 2_000)).toBe(true);
});

test('I6: whoever is gone before their turn comes is neither checked nor let in', async () => {
  const { verified, crowd, come } = gatherCrowd(100);
  const all = numbers(100).map(come);
  for (const connection of crowd.slice(50)) connection.isOpen = false;
  await Promise.all(all);
  expect(verified).toHaveLength(50);
  expect(crowd.map(({ expiresAt }) => expiresAt > 0)).toEqual(numbers(100).map((number) => number < 50));
});
