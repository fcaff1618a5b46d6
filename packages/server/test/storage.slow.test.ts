import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AckFrame, ErrorFrame } from '@parlour/protocol/frames';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { byHand } from './by-hand.ts';
import { ServerProcess, withMount } from './server-process.ts';
import type { TestSocket } from './test-socket.ts';
import { testPassword, Visitor } from './visitor.ts';

type Trouble = {
  within: string[];
  /** What SQLite says of it. */
  reason: RegExp;
  /** Returns how it ends. */
  begin(): () => void;
};

let folder: string;
let server: ServerProcess;
let endTrouble: (() => void) | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parlour-storage-'));
});
afterEach(async () => {
  endTrouble?.();
  await server.kill();
  rmSync(folder, { recursive: true });
});

const full: Trouble = {
  within: [],
  reason: /disk is full/,
  begin: () => {
    const filler = join(seenByServer(), 'filler');
    fill(filler);
    return () => rmSync(filler);
  },
};
/** A mounted disk with open files cannot be made read-only, whoever asks; to the writer this is the same. */
const readOnly: Trouble = {
  within: [],
  reason: /I\/O error|readonly/,
  begin: () => {
    const files = ['parlour.sqlite', 'parlour.sqlite-wal'].map((name) => join(folder, name));
    const change = (flag: string) => execFileSync('chattr', [flag, ...files], { stdio: 'pipe' });
    try {
      change('+i');
    } catch {
      // Not every user may, and not every file system can.
      return refuseEveryWrite();
    }
    return () => change('-i');
  },
};
const broken: Trouble = { within: [], reason: /I\/O error/, begin: refuseEveryWrite };

describe('storage in trouble: nothing that was acknowledged is lost, and it heals without a restart', () => {
  test('I1, P-SEND-7, P-SEND-8, P-HTTP-13: the disk is full', async () => {
    await survive({ ...full, within: withMount(folder, 'size=12m') }, 3);
  });

  test('I1, P-SEND-7, P-SEND-8, P-HTTP-13: the database file is read-only', async () => {
    await survive(readOnly, 3);
    await expectKept();
  });

  test('I1, P-SEND-7, P-SEND-8, P-HTTP-13: every write fails', async () => {
    await survive(broken, 3);
    await expectKept();
  });
});

const acked: AckFrame[] = [];

async function survive(trouble: Trouble, times: number): Promise<void> {
  acked.length = 0;
  server = await ServerProcess.start({ folder, environment: { PARLOUR_RATE_LIMITS: 'off' }, within: trouble.within });
  const [ada, grace] = [await signUp('Ada'), await signUp('Grace')];
  const room = (await ada.createRoom('Room')).id;
  await grace.join(room);
  const [sender, listener] = [await ada.connect(), await grace.connect()];
  await listener.join(room);
  for (let i = 0; i < times; i += 1) {
    await sendAll(sender, room, [`before-${i}`]);
    endTrouble = trouble.begin();
    await expectTrouble(ada, sender, room, `during-${i}`, trouble.reason);
    endTrouble();
    endTrouble = undefined;
    await untilReady(ada, 200);
    // The same commands, as they were.
    await sendAll(sender, room, messageIds(`during-${i}`));
  }
  const head = acked.at(-1)?.seq ?? 0;
  await listener.next('event', ({ seq }) => seq === head);
  const seqs = acked.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, i) => i + 3));
  expect(listener.events(room).map(({ seq }) => seq)).toEqual(seqs);
  expect(await readSeqs(ada, room)).toEqual([1, 2, ...seqs]);
  expect([sender, listener].map(({ isClosed }) => isClosed)).toEqual([false, false]);
}

const messageIds = (id: string) => Array.from({ length: 150 }, (_, i) => `${id}-${i}`);

async function sendAll(sender: TestSocket, room: string, ids: string[]): Promise<void> {
  for (const answer of await say(sender, room, ids)) {
    if (answer.type === 'error') throw new Error(`${answer.code}: ${answer.detail}`);
    acked.push(answer);
  }
}

/** Sends without waiting between, and gives the new answers. */
async function say(sender: TestSocket, room: string, ids: string[]): Promise<(AckFrame | ErrorFrame)[]> {
  for (const id of ids) sender.send({ type: 'send', room, id, body: id });
  const answers: (AckFrame | ErrorFrame)[] = [];
  for (const _ of ids) answers.push(await sender.nextAnswer());
  return answers;
}

async function expectTrouble(ada: Visitor, sender: TestSocket, room: string, id: string, reason: RegExp) {
  const before = await readSeqs(ada, room);
  const answers = await say(sender, room, messageIds(id));
  const refused = answers.filter((answer) => answer.type === 'error');
  expect(refused).toHaveLength(answers.length);
  expect(refused[0]).toMatchObject({ code: 'storage_unavailable', retryAfter: expect.any(Number) });
  expect(refused.filter(({ code }) => code !== 'storage_unavailable' && code !== 'out_of_turn')).toEqual([]);
  await expectUnavailable(ada, `/api/rooms/${room}/messages`, { id, body: 'Over HTTP' });
  await expectUnavailable(ada, '/api/rooms', { name: 'Another' });
  const signIn = { email: ada.account.email, password: testPassword };
  await expectUnavailable(new Visitor(server.origin), '/api/auth/sign-in/email', signIn);
  expect(await readSeqs(ada, room)).toEqual(before);
  expect((await ada.request('GET', '/api/account')).status).toBe(200);
  // Whoever is signed in can still open a socket and read.
  expect((await ada.request('POST', '/api/sockets/tickets', {})).status).toBe(201);
  expect((await ada.request('GET', '/health/live')).status).toBe(200);
  expect(await untilReady(ada, 503)).toEqual({ status: 'unavailable', reason: expect.stringMatching(reason) });
}

async function expectUnavailable(who: Visitor, path: string, body: object): Promise<void> {
  const answer = await who.request('POST', path, body);
  expect([path, answer.status, answer.body]).toMatchObject([path, 503, { code: 'storage_unavailable' }]);
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
}

/** What is asked within a second is answered from memory. */
async function untilReady(visitor: Visitor, status: 200 | 503): Promise<unknown> {
  for (;;) {
    const answer = await visitor.request<unknown>('GET', '/health/ready');
    if (answer.status === status) return answer.body;
  }
}

/** After the death of the process it is still all there. */
async function expectKept(): Promise<void> {
  await server.kill();
  const rows = byHand({ folder }, (db) =>
    db.prepare("SELECT id, seq FROM events WHERE kind = 'message' AND id GLOB '*-[0-9]*' ORDER BY seq").all(),
  );
  expect(rows.map((row) => ({ ...row }))).toEqual(acked.map(({ id, seq }) => ({ id, seq })));
}

async function signUp(name: string): Promise<Visitor> {
  const visitor = new Visitor(server.origin);
  await visitor.signUp(name);
  return visitor;
}

async function readSeqs(reader: Visitor, room: string): Promise<number[]> {
  const seqs: number[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page: { items: { seq: number }[]; next: number | null } = await reader.history(
      room,
      `?after=${after}&limit=100`,
    );
    seqs.push(...page.items.map(({ seq }) => seq));
    after = page.next;
  }
  return seqs;
}

/** The data folder as the process sees it, with what is mounted there for it alone. */
function seenByServer(): string {
  return join('/proc', String(server.pid), 'root', folder);
}

/** Writes until there is no room for a single byte. */
function fill(file: string): void {
  const fd = openSync(file, 'w');
  for (let size = 1024 * 1024; size >= 1; size = size === 1 ? 0 : size / 32) {
    try {
      for (;;) writeSync(fd, Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  closeSync(fd);
}

function refuseEveryWrite(): () => void {
  const limit = (most: string) => execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${most}:`]);
  limit('0');
  return () => limit('unlimited');
}
