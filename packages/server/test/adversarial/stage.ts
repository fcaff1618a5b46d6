import type { AuditKind } from '@parlour/protocol/audit';
import { byHand } from '../by-hand.ts';
import { type Cast, gatherCast } from '../cast.ts';
import type { StartOptions } from '../start-server.ts';
import { type OpenOptions, TestSocket, UpgradeRefused } from '../test-socket.ts';
import type { Visitor } from '../visitor.ts';

/** What came of a request, an upgrade or a frame. `close` is a close code, `error` the code of an `error` frame. */
export type Outcome = { status: number; code?: string } | { close: number } | { error: string } | { frame: string };

/** A house with its cast, what is private in it, and a bystander whose socket must survive everything. */
export type Stage = Cast & {
  /** What no answer may hold: addresses, cookies and texts of those who are not asking. */
  secrets: string[];
  bystander: TestSocket;
  /** Every answer that an attacker got. */
  transcript: string[];
  auditCount(kind: AuditKind): number;
  /** Lets time pass, so that no attack is refused for the number of those before it. */
  breathe(): Promise<void>;
  isAlive(): Promise<boolean>;
  close(): Promise<void>;
};

export async function setStage(options: StartOptions = {}): Promise<Stage> {
  const log: string[] = [];
  const keep = (message: string, fields?: object) => void log.push(`${message} ${JSON.stringify(fields)}`);
  const cast = await gatherCast({ log: { info: keep, warn: keep, error: keep }, ...options });
  const { server, grace, designers } = cast;
  const secret = 'what the designers say among themselves';
  await grace.post(designers, 'secret-1', secret);
  const bystander = await grace.connect();
  return {
    ...cast,
    bystander,
    transcript: [],
    secrets: [grace.account.email, ...grace.cookie.split('=').slice(1), secret],
    auditCount: (kind) =>
      byHand(server, (db) => {
        const row = db.prepare('SELECT count(*) AS count FROM audit WHERE kind = ?').get(kind);
        return Number(row?.['count']);
      }),
    breathe: async () => {
      cast.clock.advance(2_000);
      bystander.send({ type: 'authenticate', token: await grace.token() });
      await bystander.next('authenticated');
    },
    isAlive: async () => (await fetch(new URL('/health/live', server.origin))).status === 200 && !bystander.isClosed,
    close: async () => {
      await bystander.cut();
      await server.stop();
    },
  };
}

/** Makes a request and tells what came of it; the answer goes into the transcript. */
export async function call(
  stage: Stage,
  visitor: Visitor,
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Outcome> {
  const answer = await visitor.request<{ code?: string }>(method, path, body, headers);
  stage.transcript.push(JSON.stringify(answer.body));
  const code = answer.body?.code;
  return { status: answer.status, ...(answer.status >= 400 && code !== undefined ? { code } : {}) };
}

/** Upgrades, and tells with which status. A socket that opened is cut. */
export async function upgrade(stage: Stage, ticket: string | undefined, options: OpenOptions = {}): Promise<Outcome> {
  try {
    await (await TestSocket.open(stage.server.origin, ticket, options)).cut();
    return { status: 101 };
  } catch (error) {
    if (error instanceof UpgradeRefused) return { status: error.status };
    throw error;
  }
}

const answers = ['authenticated', 'joined', 'left', 'ack', 'reset', 'error'];

/** What the server makes of frames: how it answers the first that it answers, or the code that it closes with. */
export async function say(stage: Stage, socket: TestSocket, ...frames: (object | string | Buffer)[]): Promise<Outcome> {
  const before = socket.log.length;
  for (const frame of frames) {
    socket.sendRaw(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }
  const outcome = await socket.firstSince(before, ({ type }) => answers.includes(type));
  stage.transcript.push(JSON.stringify(socket.log.slice(before)));
  await socket.cut();
  if (outcome === undefined) return { close: (await socket.closed).code };
  return outcome.type === 'error' ? { error: outcome.code } : { frame: outcome.type };
}
