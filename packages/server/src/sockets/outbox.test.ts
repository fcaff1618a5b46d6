import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { heldBytes } from '../../test/held-bytes.ts';
import { Outbox, Outboxes } from './outbox.ts';

const kibibyte = 1024;
const frame = Buffer.alloc(10 * kibibyte);

describe('all outboxes together', () => {
  let listener: Server;
  let outboxes: Outboxes;
  let mayDeliver: boolean;
  const sockets: Socket[] = [];
  let given: string[];

  beforeEach(async () => {
    mayDeliver = false;
    given = [];
    outboxes = new Outboxes({ mayDeliver: () => mayDeliver, totalLimit: 500 * kibibyte });
    listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
  });

  afterEach(async () => {
    outboxes.close();
    for (const socket of sockets.splice(0)) socket.destroy();
    listener.close();
    await once(listener, 'close');
  });

  /** An outbox to a peer that reads nothing. It is given up as a connection would be. */
  async function open(name: string): Promise<Outbox> {
    const peer = connect((listener.address() as AddressInfo).port, '127.0.0.1').pause();
    const [socket] = (await once(listener, 'connection')) as [Socket];
    sockets.push(peer, socket);
    const onOverflow = () => {
      given.push(name);
      outbox.close();
      socket.destroy();
    };
    const outbox: Outbox = new Outbox({ socket, outboxes, owner: { onOverflow } });
    return outbox;
  }
  const fill = (outbox: Outbox, frames: number) => {
    for (let i = 0; i < frames; i += 1) outbox.push(frame);
  };
  /** Until the kernel takes nothing any more, on neither side: what it has taken it may pass on, and take more, a little later. */
  async function fillUp(isFilled: () => boolean, push: () => void): Promise<void> {
    for (let idle = 0; idle < 1_000; idle = isFilled() ? idle + 1 : 0) {
      if (!isFilled()) push();
      await setImmediate();
    }
  }

  test('P-LIMIT-4, I9: beyond the total those that are more than 64 KiB behind go, and nobody else', async () => {
    const [far, near, other] = [await open('far'), await open('near'), await open('other')];
    fill(far, 40);
    fill(near, 6);
    expect([outboxes.bytes, outboxes.isFull, given]).toEqual([460 * kibibyte, false, []]);
    fill(other, 5);
    expect([outboxes.isFull, given]).toEqual([true, []]);
    fill(far, 1);
    expect([outboxes.isFull, given]).toEqual([false, ['far']]);
    expect(outboxes.bytes).toBe(110 * kibibyte);
    fill(near, 38);
    expect([outboxes.isFull, given]).toEqual([false, ['far']]);
  });

  test('P-LIMIT-4, I9: those that get nothing new go too', async () => {
    mayDeliver = true;
    const [stuck, other] = [await open('stuck'), await open('other')];
    await fillUp(
      () => stuck.bytes >= 450 * kibibyte,
      () => fill(stuck, 1),
    );
    expect(given).toEqual([]);
    mayDeliver = false;
    fill(other, 6);
    expect(outboxes.isFull).toBe(true);
    while (given.length === 0) await setImmediate();
    expect([given, outboxes.bytes]).toEqual([['stuck'], 60 * kibibyte]);
  });

  test('I9: small frames that nobody reads take little more than they are long', async () => {
    mayDeliver = true;
    const stuck = await open('stuck');
    await fillUp(
      () => !stuck.isClear,
      () => fill(stuck, 1),
    );
    const [before, bytes] = [heldBytes(), stuck.bytes];
    for (let i = 0; i < 20_000; i += 1) stuck.push(Buffer.from('{"type":"pong"}'));
    await setImmediate();
    expect(stuck.bytes - bytes).toBe(20_000 * 15);
    expect(heldBytes() - before).toBeLessThan(20_000 * 50);
  });

  test('I7: what is held while the node may not deliver goes out when it may', async () => {
    const outbox = await open('held');
    const [peer] = sockets.slice(-2);
    fill(outbox, 1);
    await setImmediate();
    expect(peer?.bytesRead).toBe(0);
    mayDeliver = true;
    outboxes.flush();
    peer?.resume();
    while ((peer?.bytesRead ?? 0) < frame.length) await setImmediate();
    expect(outboxes.bytes).toBe(0);
  });

  test('I4: whoever waits for a peer to drain goes on as soon as the kernel has taken what was held', async () => {
    const outbox = await open('held');
    mayDeliver = true;
    fill(outbox, 1);
    await setImmediate();
    mayDeliver = false;
    fill(outbox, 7);
    expect(outbox.isDrained).toBe(false);
    const drained = outbox.drained().then(() => 'drained');
    expect(await Promise.race([drained, setImmediate('waiting')])).toBe('waiting');
    mayDeliver = true;
    outboxes.flush();
    expect(await Promise.race([drained, setImmediate('waiting')])).toBe('drained');
  });

  test('I2, I7: behind what the kernel has not taken everything waits, in order, and for trust too', async () => {
    mayDeliver = true;
    const outbox = await open('behind');
    const [peer] = sockets.slice(-2);
    const numbers: number[] = [];
    const pushNext = () => {
      const next = Buffer.alloc(10 * kibibyte);
      next.writeUInt32BE(numbers.push(numbers.length) - 1);
      outbox.push(next);
    };
    await fillUp(() => !outbox.isClear, pushNext);
    const written = outbox.bytes;
    for (let i = 0; i < 5; i += 1) pushNext();
    await setImmediate();
    expect(outbox.bytes).toBe(written + 50 * kibibyte);
    mayDeliver = false;
    const parts: Buffer[] = [];
    peer?.on('data', (part: Buffer) => void parts.push(part)).resume();
    while (!outbox.isClear) await setImmediate();
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    expect(outbox.bytes).toBe(50 * kibibyte);
    mayDeliver = true;
    outboxes.flush();
    const length = numbers.length * 10 * kibibyte;
    while ((peer?.bytesRead ?? 0) < length) await setImmediate();
    const all = Buffer.concat(parts);
    expect(numbers.map((number) => all.readUInt32BE(number * 10 * kibibyte))).toEqual(numbers);
    expect([outbox.bytes, outboxes.bytes, given]).toEqual([0, 0, []]);
  });
});
