import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fillHouse } from './fill-house.ts';

/** Marks a data folder as the sample workspace's, so that no real house is ever taken for it. */
const mark = 'demo.json';

export class NotADemo extends Error {}

/**
 * Makes the sample workspace in this folder, unless it is there already. It appears as a whole or not at all. Throws
 * NotADemo when the folder holds something else.
 */
export async function makeDemo(folder: string, say: (line: string) => void): Promise<void> {
  const path = resolve(folder);
  if (existsSync(join(path, mark))) return;
  if (existsSync(path) && readdirSync(path).length > 0) {
    throw new NotADemo(`${path} holds something that is not the sample workspace. Set PARLOUR_DATA to another folder.`);
  }
  say('Making the sample workspace …');
  const draft = `${path}.making`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(dirname(draft), { recursive: true });
  const { people, rooms, messages, posts } = await fillHouse(draft);
  writeFileSync(join(draft, mark), `${JSON.stringify({ madeAt: new Date().toISOString() })}\n`);
  renameSync(draft, path);
  say(`${people} people, ${rooms} rooms, ${messages.toLocaleString('en')} messages and ${posts} posts are in ${path}.`);
  say('To make it anew, with times up to now, remove that folder.');
}
