import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SocketWriter, type WriteRequest, type Writer } from './socket-writer.ts';

/** More than the kernel takes on both sides while nobody reads. */
const much = Buffer.alloc(16 * 1024 ** 2, 'm');

describe('writing past the stream', () => {
  let listener: Server;
  let peer: Socket;
  let socket: Socket;
  let writer: SocketWriter;

  beforeEach(async () => {
    writer = new SocketWriter();
    listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    peer = connect((listener.address() as AddressInfo).port, '127.0.0.1').pause();
    [socket] = (await once(listener, 'connection')) as [Socket];
  });

  afterEach(async () => {
    for (const each of [peer, socket]) each.destroy();
    listener.close();
    await once(listener, 'close');
  });

  const nobody: Writer = { onWritten: () => expect.unreachable('everything was taken at once') };
  const write = (text: string | Buffer, by: Writer = nobody) =>
    writer.write(socket, writer.findHandle(socket), Buffer.from(text), by);
  const written = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    return { promise, onWritten: resolve };
  };
  /** The first write is the stream's, from which the writer learns. */
  async function begin(): Promise<void> {
    const first = written();
    expect(write('first ', first)).toBe(false);
    await first.promise;
  }
  async function read(length: number): Promise<string> {
    const parts: Buffer[] = [];
    peer.on('data', (part: Buffer) => void parts.push(part)).resume();
    while (peer.bytesRead < length) await setImmediate();
    return Buffer.concat(parts).toString();
  }

  test('on the runtime that is pinned, the stream writes once and never again', async () => {
    const stream = vi.spyOn(socket, 'write');
    await begin();
    expect(write('second ')).toBe(true);
    expect(write('third')).toBe(true);
    expect(stream).toHaveBeenCalledTimes(1);
    expect(await read(18)).toBe('first second third');
  });

  test('I2: what the kernel did not take at once stays before what is written later, either way', async () => {
    await begin();
    const rest = written();
    expect(write(much, rest)).toBe(false);
    socket.write('by the stream ');
    const last = written();
    expect(write('directly', last)).toBe(false);
    const text = await read(6 + much.length + 22);
    await Promise.all([rest.promise, last.promise]);
    expect(text.slice(-24)).toBe('mmby the stream directly');
  });

  test('what the kernel takes right after it had no room is waited for, and the socket lives', async () => {
    const request: WriteRequest = { buffer: null, oncomplete: null, writeStatus: null };
    const handle = { writeBuffer: () => request };
    const rest = written();
    expect(writer.write(socket, handle, Buffer.from('taken'), rest)).toBe(false);
    expect(request.buffer?.toString()).toBe('taken');
    request.oncomplete?.(0);
    await rest.promise;
    expect(socket.destroyed).toBe(false);
  });

  test('a write that fails destroys the socket', async () => {
    await begin();
    peer.resetAndDestroy();
    const failed = once(socket, 'error') as Promise<[Error]>;
    while (!socket.destroyed) {
      expect(write('nobody is there')).toBe(true);
      await setImmediate();
    }
    expect((await failed)[0].message).toMatch(/ECONNRESET|EPIPE/);
  });

  test('whoever waits is told where the socket goes first', async () => {
    await begin();
    const rest = written();
    write(much, rest);
    socket.destroy();
    await rest.promise;
  });

  test('a write that fails later destroys the socket, and tells whoever waits', async () => {
    await begin();
    const rest = written();
    write(much, rest);
    const failed = once(socket, 'error') as Promise<[Error]>;
    peer.resetAndDestroy();
    expect((await failed)[0].message).toMatch(/ECONNRESET|EPIPE/);
    await rest.promise;
    expect(socket.destroyed).toBe(true);
  });

  test('a handle that is used otherwise is left to the stream', async () => {
    const handle = (socket as unknown as { _handle: { writeBuffer(request: unknown, data: Buffer): unknown } })._handle;
    const { writeBuffer } = handle;
    Object.setPrototypeOf(handle, {
      __proto__: Object.getPrototypeOf(handle) as object,
      writeBuffer: (_request: unknown, data: Buffer) => writeBuffer.call(handle, null, data),
    });
    const { _write } = Socket.prototype;
    socket._write = (data: Buffer, encoding, callback) => {
      if (encoding === ('buffer' as string)) handle.writeBuffer({}, data);
      else return _write.call(socket, data, encoding, callback);
      return callback();
    };
    await begin();
    const second = written();
    expect(write('second', second)).toBe(false);
    await second.promise;
    expect(writer.findHandle(socket)).toBe(undefined);
    expect(await read(12)).toBe('first second');
  });
});
