import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Bot } from './bot.ts';
import { root } from './source-files.ts';
import { startServer } from './start-server.ts';

test('P-GRANT-3, P-GRANT-6: the bot of docs/access-tokens.md does what the page says', async () => {
  const page = readFileSync(join(root, 'docs/access-tokens.md'), 'utf8');
  const [, script = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
  const server = await startServer();
  const [ada, grace] = [await server.signUp('Ada'), await server.signUp('Grace')];
  const room = (await ada.createRoom('Lobby')).id;
  await grace.join(room);
  const witness = await ada.connect();
  await witness.join(room);
  const { id, secret } = await Bot.of(grace, { scope: 'write' });
  const env = { PARLOUR_URL: server.origin, PARLOUR_TOKEN: secret, ROOM: room };
  const bot = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  bot.stderr.on('data', (data) => said.push(String(data)));
  const ended = once(bot, 'close');
  await witness.next('presence', ({ entered }) => entered.some((person) => person.id === grace.id));
  await witness.say(room, 'ping', 'ping');
  const pong = await witness.next('event', (event) => event.event === 'message' && event.body === 'pong');
  expect(pong).toMatchObject({ author: { id: grace.id } });
  await grace.request('DELETE', `/api/account/access-tokens/${id}`);
  expect((await ended)[0]).toBe(1);
  expect(said.join('')).toBe('closed: 4403 token_revoked\n');
  await server.stop();
});
