import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { closeCodes } from '@parlour/protocol/close-codes';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { heldBytes } from '../../test/held-bytes.ts';
import { clientFrame, RawSocket } from '../../test/raw-socket.ts';
import type { ConnectionSocket, SocketListener } from './connection-socket.ts';
import { LibrarySocket } from './library-socket.ts';
import { QuietSocket } from './quiet-socket.ts';
import { Upgrades } from './upgrade.ts';

/** What the socket told, one line each. As for a connection, nothing counts behind the end. */
class Recorder implements SocketListener {
  readonly told: string[] = [];
  readonly ended = Promise.withResolvers<void>();
  readonly ws: ConnectionSocket;
  readonly socket: Socket;

  constructor(ws: ConnectionSocket, socket: Socket) {
    this.ws = ws;
    this.socket = socket;
    ws.listener = this;
  }

  get #isOver(): boolean {
    return this.told.at(-1) === 'end';
  }

  onMessage(data: Buffer, isBinary: boolean): void {
    if (this.#isOver) return;
    const text = data.toString();
    this.told.push(`${isBinary ? 'binary' : 'text'} ${text}`);
    if (text === 'close') this.ws.close(closeCodes.malformed.code, 'as you like');
    if (text !== 'pause') return;
    this.ws.pause();
    void setImmediate().then(() => this.ws.resume());
  }

  onPing(data: Buffer): void {
    if (this.#isOver) return;
    this.told.push(`ping ${data}`);
    this.ws.pong(data);
  }

  onPong(): void {
    if (!this.#isOver) this.told.push('pong');
  }

  onEnd(): void {
    if (!this.#isOver) this.told.push('end');
    this.ended.resolve();
  }
}

/** A frame as a browser sends it. */
function frame(first: number, payload: string | Buffer, mask = Buffer.from('mask')): Buffer {
  const bytes = clientFrame(first, payload);
  const start = bytes.length - Buffer.byteLength(payload);
  mask.copy(bytes, start - 4);
  return bytes.map((byte, i) => (i < start ? byte : byte ^ (mask[(i - start) & 3] ?? 0))) as Buffer;
}
const text = (payload: string) => frame(0x81, payload);
const close = frame(0x88, Buffer.from([0x03, 0xe8]));

describe('a socket that leaves the library alone', () => {
  let server: Server;
  let head: Buffer;
  let sockets: Recorder[];
  let origin: string;

  beforeEach(async () => {
    head = Buffer.alloc(0);
    sockets = [];
    const upgrades = new Upgrades({
      useTicket: async () => ({ grantId: 'grant', userId: 'ada' }),
      allowsOrigin: () => true,
      countUpgrade: () => 0,
      onRefused: () => undefined,
      isTaking: () => true,
      pace: { begin: async () => undefined },
      onOpen: (ws, socket) => void sockets.push(new Recorder(ws, socket)),
      onError: (error) => {
        throw error;
      },
    });
    server = createServer().on('upgrade', (request, socket) => upgrades.handle(request, socket, head));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    for (const { socket } of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });

  async function connect(): Promise<{ peer: RawSocket; at: Recorder }> {
    const peer = await RawSocket.open(origin, 'ticket');
    const at = sockets.at(-1);
    if (at === undefined) throw new Error('nobody is connected');
    return { peer, at };
  }

  /** Writes so that the server reads each part by itself. */
  async function write({ peer, at }: Awaited<ReturnType<typeof connect>>, ...parts: Buffer[]): Promise<void> {
    for (const part of parts) {
      const until = at.socket.bytesRead + part.length;
      peer.write(part);
      while (at.socket.bytesRead < until && !at.socket.destroyed) await setImmediate();
    }
  }
  const bytesOf = (bytes: Buffer) => Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
  /** From here on the library hands nothing over, and every socket is its own. */
  function handNothingOver(): void {
    const { setSocket } = WebSocket.prototype as unknown as Pick<LibrarySocket, 'setSocket'>;
    vi.spyOn(LibrarySocket.prototype, 'setSocket').mockImplementation(function (this: LibrarySocket, ...args) {
      setSocket.apply(this, args);
    });
  }

  test('I9: the beginning of a frame keeps little else of what it was read with', async () => {
    const people = await Promise.all(Array.from({ length: 50 }, () => RawSocket.open(origin, 'ticket')));
    const much = Buffer.concat([
      ...Array.from({ length: 120 }, () => text('m'.repeat(500))),
      text('cut').subarray(0, 2),
    ]);
    const readBytes = () => sockets.reduce((sum, { socket }) => sum + socket.bytesRead, 0);
    const [before, read] = [heldBytes(), readBytes()];
    for (const peer of people) peer.write(much);
    while (readBytes() < read + people.length * much.length) await setImmediate();
    for (const { told } of sockets) told.length = 0;
    expect((heldBytes() - before) / people.length).toBeLessThan(16 * 1024);
  });

  test('on the library that is pinned, what everybody says needs none of it, however it is cut', async () => {
    const open = vi.spyOn(LibrarySocket, 'open');
    const one = await connect();
    expect(one.at.ws).toBeInstanceOf(QuietSocket);
    const all = Buffer.concat([text('one'), text('ä'.repeat(70)), frame(0x89, 'who'), frame(0x8a, ''), text('')]);
    const told = ['text one', `text ${'ä'.repeat(70)}`, 'ping who', 'pong', 'text '];
    await write(one, all);
    expect(one.at.told).toEqual(told);
    await write(one, ...bytesOf(all));
    expect(one.at.told).toEqual([...told, ...told]);
    for (let i = 1; i < all.length; i += 1) await write(one, all.subarray(0, i), all.subarray(i));
    expect(one.at.told).toHaveLength(told.length * (all.length + 1));
    expect(open).not.toHaveBeenCalled();
    await write(one, frame(0x01, 'in '), frame(0x80, 'two'));
    expect(one.at.told.at(-1)).toBe('text in two');
    expect(open).toHaveBeenCalledTimes(1);
  });

  test('halves of frames of many sockets do not get mixed up', async () => {
    const all: Awaited<ReturnType<typeof connect>>[] = [];
    for (let i = 0; i < 50; i += 1) all.push(await connect());
    const whole = all.map((_, i) => text(`I am ${i}. `.repeat(1 + i)));
    const half = (i: number) => (whole[i]?.length ?? 0) >> 1;
    for (const [i, each] of all.entries()) await write(each, whole[i]?.subarray(0, half(i)) ?? close);
    expect(sockets.flatMap(({ told }) => told)).toEqual([]);
    for (const [i, each] of [...all.entries()].reverse()) await write(each, whole[i]?.subarray(half(i)) ?? close);
    expect(sockets.map(({ told }) => told)).toEqual(all.map((_, i) => [`text ${`I am ${i}. `.repeat(1 + i)}`]));
  });

  describe.each(['handed over', 'kept by the library'])('%s', (way) => {
    beforeEach(() => {
      if (way !== 'handed over') handNothingOver();
    });

    test('it is whose it should be', async () => {
      expect((await connect()).at.ws).toBeInstanceOf(way === 'handed over' ? QuietSocket : LibrarySocket);
    });

    test('reads what came behind the upgrade, and goes on with its rest', async () => {
      const all = Buffer.concat([text('first'), text('second')]);
      head = all.subarray(0, 15);
      const one = await connect();
      await write(one, all.subarray(15));
      expect(one.at.told).toEqual(['text first', 'text second']);
    });

    test('is not read while it is paused, and loses nothing', async () => {
      const one = await connect();
      const beginning = text('before').subarray(0, 5);
      await write(one, beginning);
      one.at.ws.pause();
      one.peer.write(Buffer.concat([text('before').subarray(5), text('after')]));
      for (let i = 0; i < 20; i += 1) await setImmediate();
      expect(one.at.told).toEqual([]);
      one.at.ws.resume();
      while (one.at.told.length < 2 && !one.at.socket.destroyed) await setImmediate();
      expect(one.at.told).toEqual(['text before', 'text after']);
    });

    test('pings, and answers pings with what they brought', async () => {
      const one = await connect();
      one.at.ws.ping();
      await write(one, frame(0x89, 'a'.repeat(125)));
      expect(await one.peer.next()).toEqual({ opcode: 9, payload: Buffer.from('') });
      expect(await one.peer.next()).toEqual({ opcode: 10, payload: Buffer.from('a'.repeat(125)) });
    });

    test('ends with a peer that ends its half, in the middle of a frame too', async () => {
      for (const bytes of [Buffer.alloc(0), text('cut').subarray(0, 4)]) {
        const one = await connect();
        await write(one, bytes);
        one.peer.endHalf();
        await one.at.ended.promise;
        expect(one.at.told).toEqual(['end']);
        expect(one.at.socket.destroyed).toBe(true);
      }
    });

    test('ends with a peer that resets the connection', async () => {
      const one = await connect();
      one.peer.reset();
      await one.at.ended.promise;
      expect(one.at.told).toEqual(['end']);
    });

    test('P-CLOSE-1: closes with its code, and with the code of a peer that closes', async () => {
      const [one, other] = [await connect(), await connect()];
      one.at.ws.close(closeCodes.revoked.code, 'session_ended');
      expect(await one.peer.closeCode()).toBe(closeCodes.revoked.code);
      await write(other, text('bye').subarray(0, 4), Buffer.concat([text('bye').subarray(4), close]));
      expect(await other.peer.closeCode()).toBe(1000);
      await Promise.all([one.at.ended.promise, other.at.ended.promise]);
      expect([one.at.told, other.at.told]).toEqual([['end'], ['text bye', 'end']]);
    });
  });

  test('fault 10: whatever a peer sends, in whatever pieces, it is told the same as by the library alone', async () => {
    const message = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('pause', 'close', 'm'.repeat(5_000)));
    const payload = fc.oneof(
      message,
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    );
    const kinds = [0x01, 0x80, 0x00, 0x02, 0x82, 0x88, 0x89, 0x8a, 0x09, 0xc1, 0x83];
    const usual = fc.tuple(fc.constantFrom(0x81, 0x89, 0x8a), message).map(([kind, what]) => frame(kind, what));
    const odd = fc.tuple(fc.constantFrom(...kinds, 0x81), payload).map(([kind, what]) => frame(kind, what));
    const wrong = fc.constantFrom(
      Buffer.from([0x81, 0x02, 0x7b, 0x7d]),
      Buffer.from([0x81, 0xff]),
      text('x').subarray(0, 6),
    );
    const frames = fc.array(fc.oneof({ weight: 8, arbitrary: usual }, { weight: 3, arbitrary: odd }, wrong), {
      maxLength: 12,
    });
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
    const tell = async (bytes: Buffer, places: number[]) => {
      const one = await connect();
      const ends = [...places, bytes.length];
      await write(one, ...ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end)));
      one.peer.write(close);
      const code = await one.peer.closeCode();
      await one.at.ended.promise;
      return { code, told: one.at.told };
    };
    await fc.assert(
      fc.asyncProperty(frames, cuts, async (parts, shares) => {
        const bytes = Buffer.concat(parts);
        const places = shares.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b);
        const quiet = await tell(Buffer.from(bytes), places);
        handNothingOver();
        const byLibrary = await tell(Buffer.from(bytes), places);
        vi.restoreAllMocks();
        expect(quiet).toEqual(byLibrary);
      }),
      { numRuns: 200 },
    );
  }, 120_000);
});
