import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/dist/**', '**/.nuxt/**', '**/.output/**'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,examples,bin,bench,chaos,demo}/**/*.test.{ts,tsx}'],
          exclude: [...exclude, '**/*.{slow,long}.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Each of them opens real databases; what a disk makes of a sync is proved by the slow ones.
          env: { TMPDIR: findMemoryFolder() ?? tmpdir() },
          expect: { poll: { timeout: 30_000 } },
          // What takes longest is loading the server; files that share a process load it once.
          isolate: false,
        },
      },
      {
        // The same suites on the other database: everything that stands on a store, and the wire.
        test: {
          name: 'postgres',
          include: [
            'packages/server/src/{access-tokens,accounts,audit,messages,passkeys,people,posts,rooms,second-factor,single-sign-on}/**/*.test.ts',
            'packages/server/test/contract/*.test.ts',
            'packages/server/test/{audit-trail,mentions,ordering}.test.ts',
          ],
          exclude: [...exclude, '**/*.slow.test.ts'],
          globalSetup: 'packages/server/test/postgres-setup.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
          isolate: false,
        },
      },
      {
        // Whole servers that are killed, packages that are installed: not before each commit.
        test: {
          name: 'slow',
          include: ['{packages,examples,bin,bench,demo}/**/*.slow.test.ts'],
          exclude,
          testTimeout: 240_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 60_000 } },
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // They mostly wait: a cluster that is broken for minutes, what proves its checker, sockets that are silent.
        test: {
          name: 'long',
          include: ['{packages,chaos}/**/*.long.test.ts'],
          exclude,
          testTimeout: 240_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 60_000 } },
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});

/** A folder in memory, unless it is as small as a container's. */
function findMemoryFolder(): string | undefined {
  const folder = '/dev/shm';
  if (!existsSync(folder)) return undefined;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > 1024 ** 3 ? folder : undefined;
}
