// The load generator: a process that logs people in and opens sockets, for one of the servers.
import { readBusyTime } from './busy-time.ts';
import { type Door, openParlourDoor, openSocketIoDoor } from './doors.ts';
import type { Member } from './member.ts';

export type HandshakeOrder = { count: number; inFlight: number };
export type HandshakeResult = {
  milliseconds: number;
  /** Of each handshake, from asking for the ticket until the socket is authenticated, in milliseconds. */
  latencies: number[];
  busyMicroseconds: number;
};

async function openMany(door: Door, { count, inFlight }: HandshakeOrder): Promise<[Member[], number[]]> {
  const members: Member[] = [];
  const latencies: number[] = [];
  let next = 0;
  const openSome = async () => {
    while (next < count) {
      const began = performance.now();
      members.push(await door.enter(next++));
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, openSome));
  return [members, latencies];
}

process.on('disconnect', () => process.exit(0));
const [name = '', port = ''] = process.argv.slice(2);
const door = await (name === 'parlour' ? openParlourDoor : openSocketIoDoor)(Number(port));
let open: Member[] = [];

async function measure(order: HandshakeOrder): Promise<HandshakeResult> {
  const [before, began] = [readBusyTime(), performance.now()];
  const [members, latencies] = await openMany(door, order);
  const [busyMicroseconds, milliseconds] = [readBusyTime() - before, performance.now() - began];
  open = members;
  return { milliseconds, latencies, busyMicroseconds };
}

// They stay open until what they cost was read, so that their closing is not in it.
async function hangUp(): Promise<object> {
  await Promise.all(open.map((member) => member.hangUp()));
  open = [];
  return {};
}

process.on('message', (order: HandshakeOrder | { hangUp: true }) => {
  void ('hangUp' in order ? hangUp() : measure(order)).then((result) => process.send?.(result));
});
process.send?.({ ready: true });
