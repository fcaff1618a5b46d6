import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ServerProcess } from './server-process.ts';
import { Visitor } from './visitor.ts';

/** Tells of every package that is loaded. */
const watching = `import { registerHooks } from 'node:module';
registerHooks({
  load(url, context, next) {
    for (const [name] of url.matchAll(/(?<=node_modules\\/)(@[^/]+\\/)?[^/]+/g)) process.stderr.write('loaded ' + name + '\\n');
    return next(url, context);
  },
});`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parlour-loaded-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a library that this house does not use is not in memory, and one that few use comes with the first', async () => {
  const options = `--import=data:text/javascript,${encodeURIComponent(watching)}`;
  const server = await ServerProcess.start({ folder, environment: { NODE_OPTIONS: options } });
  const loaded = () => new Set(Array.from(server.errorOutput.matchAll(/^loaded (.+)$/gm), ([, name]) => name));
  await server.says(/^loaded kysely$/m);
  const unused = ['pg', 'amqplib', 'nodemailer', '@simplewebauthn/server'];
  for (const name of [...unused, '@zxcvbn-ts/language-common']) expect(loaded()).not.toContain(name);
  await new Visitor(server.origin).signUp('Ada');
  await server.says(/^loaded @zxcvbn-ts/m);
  // By now everything has been read that was told before.
  for (const name of unused) expect(loaded()).not.toContain(name);
  expect(await server.stop()).toBe(0);
});
