import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { byHand } from './by-hand.ts';
import { ServerProcess } from './server-process.ts';
import { TestSocket } from './test-socket.ts';
import { Visitor } from './visitor.ts';

const folder = mkdtempSync(join(tmpdir(), 'parlour-secrets-'));
const logs = ['audit', 'revocations'];

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What anybody could read later: the process's output, and the logs in the database. */
function readLogs(server: ServerProcess): string {
  const rows = byHand({ folder }, (db) => logs.map((table) => db.prepare(`SELECT * FROM ${table}`).all()));
  return server.output + JSON.stringify(rows);
}

test('no password, cookie, token, ticket or code is in any log, whichever door it was brought to', async () => {
  const server = await ServerProcess.start({ folder });
  const secrets = new Map<string, string>();
  const mark = (what: string) => {
    const secret = `marked-${what}-${'s3cr3t'.repeat(4)}`;
    secrets.set(what, secret);
    return secret;
  };
  const keep = (what: string, secret: string | undefined) => {
    expect(secret?.length, what).toBeGreaterThan(10);
    secrets.set(what, secret ?? '');
    return secret ?? '';
  };
  const ada = new Visitor(server.origin);
  const somebody = new Visitor(server.origin);
  const password = mark('password');
  const account = { name: 'Ada', email: 'ada@example.org', password };
  const must = async (method: string, path: string, body: unknown, status: number, who = ada, headers = {}) => {
    const answer = await who.request<Record<string, string>>(method, path, body, headers);
    expect([path, answer.status]).toEqual([path, status]);
    return answer.body;
  };

  const claimCode = /\/claim\/(\S+)/.exec(server.output)?.[1] ?? '';
  const signUp = '/api/auth/sign-up/email';
  await must('POST', signUp, account, 200);
  await must('POST', signUp, { ...account, email: 'b@example.org', invite: mark('signUpInvite') }, 404, somebody);
  await must('POST', signUp, { ...account, email: 'b@example.org', claim: mark('signUpClaim') }, 403, somebody);
  await must('POST', signUp, account, 409, somebody);
  await must(
    'POST',
    '/api/auth/sign-in/email',
    { email: account.email, password: mark('wrongPassword') },
    401,
    somebody,
  );
  await must('POST', '/api/auth/sign-in/email', `{"password": "${mark('brokenJson')}`, 400, somebody);
  keep('cookie', ada.cookie.split(';')[0]?.split('=')[1]);
  await must('POST', '/api/claim', { code: mark('wrongClaim') }, 403);
  await must('GET', `/claim/${mark('claimPage')}`, undefined, 200, somebody);

  const token = keep('token', await ada.token());
  await must('GET', '/api/account', undefined, 200, somebody, { authorization: `Bearer ${token}` });
  await must('GET', '/api/account', undefined, 403, somebody, { authorization: `Bearer ${mark('wrongBearer')}` });
  const ticket = keep('ticket', await ada.ticket());
  await (await TestSocket.open(server.origin, ticket)).cut();
  await expect(TestSocket.open(server.origin, ticket)).rejects.toThrow();
  await expect(TestSocket.open(server.origin, mark('wrongTicket'))).rejects.toThrow();
  const socket = await ada.open();
  socket.send({ type: 'authenticate', token: mark('wrongToken') });
  await socket.closed;

  const room = await ada.createRoom('Designers', true);
  const { code, id } = await must('POST', `/api/rooms/${room.id}/invites`, {}, 201);
  keep('inviteCode', code);
  await must('GET', `/api/invites/${code}`, undefined, 200, somebody);
  await must('GET', `/join/${code}`, undefined, 200, somebody);
  await must('POST', `/api/invites/${mark('wrongInvite')}/accept`, undefined, 404);
  await must('DELETE', `/api/rooms/${room.id}/invites/${id}`, undefined, 204);
  await must('POST', '/api/auth/sign-out', undefined, 200, ada, {
    cookie: `parlour.session_token=${mark('forgedCookie')}`,
  });

  // Each refusal is in the log, so that it is worth looking through.
  await expect.poll(() => readLogs(server)).toContain('ticket_refused');
  const told = readLogs(server);
  for (const kind of ['signed_up', 'sign_in_failed', 'sign_up_refused', 'claim_refused', 'invite_made']) {
    expect(told).toContain(kind);
  }
  const found = [...secrets].filter(([, secret]) => told.includes(secret)).map(([what]) => what);
  expect(found).toEqual([]);
  // The claim code is the one secret that the start prints, for whoever looks at the machine's own screen.
  expect(server.output.replace(/^Nobody owns this house yet.*$/m, '')).not.toContain(claimCode);
  expect(await server.stop()).toBe(0);
}, 60_000);
