import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../test/start-server.ts';
import { testPassword, type Visitor } from '../test/visitor.ts';
import { runCommand } from './command-line.ts';

let folder: string;
let server: TestServer;
let ada: Visitor;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parlour-command-'));
  server = await startServer({ folder });
  ada = await server.signUp('Ada');
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const resetLink = (email: string, data = folder) =>
  runCommand(['reset-link', email], { PARLOUR_DATA: data, PUBLIC_URL: server.origin });

describe('the command line', () => {
  it('makes a link for anyone while the server runs, which sets a password once', async () => {
    const { code, lines } = await resetLink(` ${ada.account.email.toUpperCase()} `);
    expect(code).toBe(0);
    expect(lines).toEqual([
      expect.stringContaining('for Ada, once'),
      expect.stringContaining(`${server.origin}/reset#`),
    ]);
    const secret = new URL(lines[1] ?? '').hash.slice(1);
    const password = 'another pass phrase';
    const reset = () => server.visit().request('POST', '/api/auth/reset', { secret, password });
    expect((await reset()).status).toBe(204);
    expect((await reset()).status).toBe(410);
    await expect(server.visit().signIn(ada.account.email, testPassword)).rejects.toThrow('401');
    await server.visit().signIn(ada.account.email, password);
  });

  it('makes it for a house that is not running, too', async () => {
    await server.stop();
    const { code, lines } = await resetLink(ada.account.email);
    expect(code).toBe(0);
    const secret = new URL(lines[1] ?? '').hash.slice(1);
    server = await startServer({ folder });
    const answer = await server.visit().request('POST', '/api/auth/reset/preview', { secret });
    expect(answer).toMatchObject({ status: 200, body: { email: ada.account.email } });
  });

  it('says in a line what it cannot do', async () => {
    expect((await resetLink(ada.account.email)).code).toBe(0);
    expect(await resetLink('nobody@example.org')).toEqual({
      code: 1,
      lines: ['Nobody in this house has the address nobody@example.org.'],
    });
    expect(await resetLink('nobody')).toMatchObject({ code: 1, lines: ['“nobody” is not an email address.'] });
    const empty = join(folder, 'empty');
    expect(await resetLink(ada.account.email, empty)).toMatchObject({
      code: 1,
      lines: [expect.stringContaining(`There is no house in ${empty}.`)],
    });
    expect(await runCommand(['reset-link'], {})).toMatchObject({ code: 2 });
    expect(await runCommand(['make-coffee'], {})).toMatchObject({ code: 2 });
    expect((await runCommand([], {})).lines.join()).toContain('check-config');
  });

  it('says in a line that what is in the folder is no house', async () => {
    expect((await resetLink(ada.account.email)).code).toBe(0);
    for (const [content, fault] of [
      ['This is no database.'.repeat(100), 'file is not a database'],
      ['', 'no such table'],
    ] as const) {
      const other = mkdtempSync(join(folder, 'other-'));
      writeFileSync(join(other, 'parlour.sqlite'), content);
      expect(await resetLink(ada.account.email, other)).toEqual({
        code: 1,
        lines: [expect.stringMatching(`^The house in ${other} cannot be read and written: ${fault}`)],
      });
    }
  });

  it('checks the settings and shows no password', async () => {
    const SMTP_URL = 'smtp://house:hunter2@mail.example.org';
    const good = await runCommand(['check-config'], { SMTP_URL, SMTP_FROM: 'chat@example.org' });
    expect(good).toMatchObject({ code: 0 });
    expect(good.lines).toContain('Mail: from chat@example.org, by mail.example.org, port 587');
    expect(await runCommand(['check-config'], { PORT: 'high', SMTP_URL })).toEqual({
      code: 1,
      lines: [expect.stringContaining('PORT must be'), expect.stringContaining('SMTP_URL and SMTP_FROM go together')],
    });
    expect(good.lines.join()).not.toContain('hunter2');
  });
});
