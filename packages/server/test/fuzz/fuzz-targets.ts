import { connect } from 'node:net';
import { closeCodes } from '@parlour/protocol/close-codes';
import { type ErrorCode, errorKinds } from '@parlour/protocol/errors';
import type { Visitor } from '../visitor.ts';
import { encode, type FrameInput } from './odd-frames.ts';
import type { RequestInput } from './odd-requests.ts';
import { OddSocket } from './odd-socket.ts';

const allowedCloses = new Set<number>([1000, 1001, 1005, ...Object.values(closeCodes).map(({ code }) => code)]);
allowedCloses.delete(closeCodes.internal.code);

/** Writes to the server and gives everything that it answers until it closes. `end` says that nothing more will come. */
function exchange(port: number, bytes: Buffer, end: boolean): Promise<Buffer> {
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('data', (data: Buffer) => received.push(data));
    // A server that is done with somebody may reset the connection.
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve(Buffer.concat(received)));
    if (end) socket.end(bytes);
    else socket.write(bytes);
  });
}

/** What is wrong with the answer to a request; undefined when nothing is. */
export async function tryRequest(port: number, { bytes, isWhole }: RequestInput): Promise<string | undefined> {
  const answer = (await exchange(port, bytes, !isWhole)).toString('latin1');
  const [, status = '0'] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? [];
  const [, code = ''] = /"code":"([a-z_]+)"/.exec(answer) ?? [];
  if (status === '0') return isWhole ? 'there was no answer' : undefined;
  if (Number(status) < 500) return undefined;
  const isRetryable = Object.hasOwn(errorKinds, code) && errorKinds[code as ErrorCode].retryable && code !== 'internal';
  return isRetryable && /\r\nretry-after: /i.test(answer) ? undefined : `it was answered with ${status} ${code}`;
}

/** What is wrong with how a connection went on after these frames. */
export async function tryFrames(
  port: number,
  person: Visitor,
  token: string,
  { isAuthenticated, frames }: FrameInput,
): Promise<string | undefined> {
  const socket = new OddSocket(port, await person.ticket());
  if (!(await socket.until('\r\n\r\n'))) return 'the upgrade was refused';
  if (isAuthenticated) {
    socket.write(textFrame({ type: 'authenticate', token }));
    if (!(await socket.until('"type":"authenticated"'))) return 'the authentication was refused';
  }
  const written = complete(Buffer.concat(frames));
  socket.write(Buffer.concat([written, textFrame({ type: 'leave', room: lastRoom })]));
  await socket.until(`"room":"${lastRoom}"`);
  const answer = await socket.end();
  const { texts, close } = readFrames(answer.subarray(answer.indexOf('\r\n\r\n') + 4));
  const internal = texts.find((text) => text.includes('"code":"internal"'));
  if (internal !== undefined) return `a command failed: ${internal}`;
  // Whoever closes is answered with the code that they gave.
  const hasClosed = [...headsOf(written)].some(({ opcode }) => opcode === closeOpcode);
  return close === undefined || hasClosed || allowedCloses.has(close) ? undefined : `it was closed with ${close}`;
}

/** The last command of every connection, whose refusal tells that all before it were read. */
const lastRoom = 'the-last-room';
const frameMaximum = 64 * 1024;
const closeOpcode = 8;

function textFrame(value: object): Buffer {
  return encode(0x81, Buffer.from(JSON.stringify(value)));
}

type Head = { opcode: number; start: number; length: number };

/** The frames that a server reads in this, up to one that is too long or whose head is not all there. */
function* headsOf(bytes: Buffer): Generator<Head> {
  for (let at = 0; at < bytes.length; ) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const start = at + (short === 126 ? 8 : short === 127 ? 14 : 6);
    const isHeadWhole = start <= bytes.length;
    const stated = short === 126 ? () => bytes.readUInt16BE(at + 2) : () => Number(bytes.readBigUInt64BE(at + 2));
    const length = !isHeadWhole ? 0 : short < 126 ? short : stated();
    yield { opcode: (bytes[at] ?? 0) & 0x0f, start, length };
    if (length > frameMaximum) return;
    at = start + length;
  }
}

/** Fills the last frame up to the length that it states, since the server rightly waits for the rest. */
function complete(bytes: Buffer): Buffer {
  const last = [...headsOf(bytes)].at(-1);
  // A frame that is too long ends the connection whatever follows.
  if (last === undefined || last.length > frameMaximum) return bytes;
  const missing = last.start + last.length - bytes.length;
  if (missing <= 0) return bytes;
  // A head that was cut off may state a length once it is whole.
  return complete(Buffer.concat([bytes, Buffer.alloc(missing)]));
}

function readFrames(bytes: Buffer): { texts: string[]; close: number | undefined } {
  const texts: string[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const short = bytes.readUInt8(at + 1);
    const start = at + (short === 126 ? 4 : short === 127 ? 10 : 2);
    if (start > bytes.length) break;
    const length =
      short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short;
    const opcode = bytes.readUInt8(at) & 0x0f;
    if (opcode === 1) texts.push(bytes.toString('utf8', start, start + length));
    if (opcode === 8) return { texts, close: length >= 2 ? bytes.readUInt16BE(start) : 1005 };
    at = start + length;
  }
  return { texts, close: undefined };
}
