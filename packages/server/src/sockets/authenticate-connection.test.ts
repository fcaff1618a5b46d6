import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Pace } from '../pace.ts';
import { authenticateConnection } from './authenticate-connection.ts';
import type { Connection } from './connection.ts';
import type { ConnectionDeps } from './connection-deps.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Sockets that all hand in a token at the same time, and what became of them. */
function gatherCrowd(people: number) {
  const verified: string[] = [];
  // By this clock each takes a quarter of a turn's share.
  let now = 0;
  const deps = {
    pace: new Pace(() => now),
    verifyToken: async (token: string) => {
      now += 2;
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
    awaitGrant: () => undefined,
    authenticate(_grant: unknown, expiresAt: number) {
      this.expiresAt = expiresAt;
    },
  }));
  const come = (at: number) => authenticateConnection(deps, crowd[at] as unknown as Connection, `token-${at}`);
  return { verified, crowd, come };
}

test('I10: the tokens of a crowd are checked while a turn has time, and all are let in', async () => {
  const { verified, crowd, come } = gatherCrowd(200);
  const all = numbers(200).map(come);
  for (let before = 0; before < 200; ) {
    await setImmediate();
    expect(verified.length - before).toBeLessThanOrEqual(4);
    before = verified.length;
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
