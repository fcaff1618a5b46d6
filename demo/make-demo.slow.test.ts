import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer } from '../packages/server/test/start-server.ts';
import { makeDemo } from './make-demo.ts';
import { demoPassword } from './people.ts';

const parent = mkdtempSync(join(tmpdir(), 'parlour-demo-'));
const folder = join(parent, 'demo');
const said: string[] = [];

beforeAll(() => makeDemo(folder, (line) => said.push(line)));
afterAll(() => rmSync(parent, { recursive: true }));

test('the sample workspace can be signed in to, and shows rooms in every state', async () => {
  const server = await startServer({ folder });
  const ada = server.visit();
  await ada.signIn('ada@example.org', demoPassword);
  expect(ada.account).toMatchObject({ name: 'Ada Lovelace', role: 'owner' });
  const rooms = new Map((await ada.rooms()).map((room) => [room.name, room]));
  expect(rooms.get('General')).toMatchObject({ member: true, private: false, unread: 2, mentions: 1 });
  expect(rooms.get('Committee')).toMatchObject({ member: true, private: true, unread: 1 });
  expect(rooms.get('Music')).toMatchObject({ member: true, unread: 0 });
  expect(rooms.get('Tool library')).toMatchObject({ member: false });
  expect(rooms.get('Lost and found')).toMatchObject({ member: true, seq: 2, unread: 0 });

  const mary = server.visit();
  await mary.signIn('mary@example.org', demoPassword);
  expect((await mary.rooms()).map(({ name }) => name)).toContain('Committee');
  expect((await mary.rooms()).map(({ name }) => name)).not.toContain('Seventy candles');

  const { items } = await ada.history(rooms.get('General')?.id ?? '', '?limit=100');
  const times = items.map(({ at }) => Date.parse(at));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(Date.now() - (times.at(-1) ?? 0)).toBeLessThan(30 * 60_000);
  const posts = await ada.request<{ items: unknown[]; next: string | null }>('GET', '/api/posts?limit=10');
  expect(posts.body.items).toHaveLength(10);
  expect(posts.body.next).not.toBeNull();
  await server.stop();
});

test('it is made once, as a whole', async () => {
  expect(said.join('\n')).toMatch(/12 people, 11 rooms, [2-9],\d{3} messages and \d+ posts are in /);
  const again: string[] = [];
  await makeDemo(folder, (line) => again.push(line));
  expect(again).toEqual([]);
  expect(readdirSync(parent)).toEqual(['demo']);
});

test('a folder that holds something else is left alone', async () => {
  const other = mkdtempSync(join(parent, 'house-'));
  writeFileSync(join(other, 'parlour.sqlite'), 'mine');
  await expect(makeDemo(other, () => undefined)).rejects.toThrow('holds something that is not the sample workspace');
  expect(readdirSync(other)).toEqual(['parlour.sqlite']);
  rmSync(other, { recursive: true });
});
