// The load generator: a process with every socket of the benchmark of costs, doing one thing at a time as it is told.
import { setTimeout } from 'node:timers/promises';
import { offerTicket, paths } from '@parlour/protocol/subprotocol';
import { cookieOf } from './costs-house.ts';
import { getTicketFrom } from './doors.ts';
import { Member } from './member.ts';
import { encodeSend, isAck, isError, isEvent } from './parlour-frames.ts';
import { Talk } from './talk.ts';

export type CostsOrder =
  | { kind: 'connect'; crowd: string; port: number; people: string[]; rooms?: string[] }
  /** Every socket joins every one of the rooms. */
  | { kind: 'join'; crowd: string; rooms: string[] }
  /** Every socket sends, and again once its message was acknowledged, by turns in these rooms. */
  | { kind: 'send'; crowd: string; rooms: string[]; milliseconds: number }
  /** Some sockets speak, and again once all have heard it. */
  | { kind: 'talk'; crowd: string; room: string; inFlight: number; milliseconds: number }
  /** One socket says something in each of the rooms, every so many milliseconds. */
  | { kind: 'say'; crowd: string; rooms: string[]; every: number; milliseconds: number }
  /** One socket marks a room as read, so many times a second. */
  | { kind: 'read'; crowd: string; room: string; aSecond: number; milliseconds: number }
  | { kind: 'hangUp'; crowd: string };
/** How often it was done: sockets, messages or marks. */
export type CostsDone = { count: number };

const connectingAtOnce = 20;
const bodyBytes = 200;
const portion = 20;
const body = 'x'.repeat(bodyBytes);
const crowds = new Map<string, Member[]>();

async function connectOne(port: number, person: string, room: string | undefined): Promise<Member> {
  const cookie = cookieOf(person);
  const answer = await fetch(`http://127.0.0.1:${port}/api/auth/token`, { headers: { cookie } });
  const { token } = (await answer.json()) as { token: string };
  const protocols = offerTicket(await getTicketFrom(port, paths.tickets, cookie)).join(', ');
  const member = new Member({ port, path: paths.socket, protocols, answer: undefined });
  await member.opened();
  member.send(JSON.stringify({ type: 'authenticate', token }));
  await member.next('{"type":"authenticated"');
  if (room !== undefined) {
    member.send(JSON.stringify({ type: 'join', room }));
    await member.next('{"type":"joined"');
  }
  member.onText = () => true;
  return member;
}

async function connect({ crowd, port, people, rooms }: CostsOrder & { kind: 'connect' }): Promise<number> {
  const members = crowds.get(crowd) ?? [];
  crowds.set(crowd, members);
  let next = 0;
  const connectSome = async () => {
    for (let i = next++; i < people.length; i = next++)
      members.push(await connectOne(port, people[i] ?? '', rooms?.[i]));
  };
  await Promise.all(Array.from({ length: connectingAtOnce }, connectSome));
  return people.length;
}

async function join({ crowd, rooms }: CostsOrder & { kind: 'join' }): Promise<number> {
  const members = membersOf(crowd);
  for (const member of members) {
    member.onText = undefined;
    for (const room of rooms) member.send(JSON.stringify({ type: 'join', room }));
    for (const _ of rooms) await member.next('{"type":"joined"');
    member.onText = () => true;
  }
  return members.length * rooms.length;
}

async function send({ crowd, rooms, milliseconds }: CostsOrder & { kind: 'send' }): Promise<number> {
  const end = performance.now() + milliseconds;
  let count = 0;
  const sendFrom = (member: Member) =>
    new Promise<void>((resolve, reject) => {
      const say = () => member.send(encodeSend(rooms[count++ % rooms.length] ?? '', body));
      member.onText = (data, start, stop) => {
        if (isError(data, start)) reject(new Error(data.toString('utf8', start, stop)));
        if (isAck(data, start)) performance.now() < end ? say() : resolve();
        return true;
      };
      say();
    });
  await Promise.all(membersOf(crowd).map(sendFrom));
  return count;
}

async function talk({ crowd, room, inFlight, milliseconds }: CostsOrder & { kind: 'talk' }): Promise<number> {
  const dialect = {
    path: '',
    protocols: async () => undefined,
    enter: async () => undefined,
    encode: (text: string) => encodeSend(room, text),
    isMessage: isEvent,
  };
  const members = membersOf(crowd);
  const { messages } = await new Talk(members, dialect).run({ inFlight, milliseconds });
  for (const member of members) member.onText = () => true;
  return messages;
}

async function say({ crowd, rooms, every, milliseconds }: CostsOrder & { kind: 'say' }): Promise<number> {
  const [speaker] = membersOf(crowd);
  const rounds = Math.round(milliseconds / every);
  for (let round = 0; round < rounds; round += 1) {
    for (const room of rooms) speaker?.send(encodeSend(room, body));
    await setTimeout(every);
  }
  return rounds * rooms.length;
}

async function read({ crowd, room, aSecond, milliseconds }: CostsOrder & { kind: 'read' }): Promise<number> {
  const [reader] = membersOf(crowd);
  let count = 0;
  for (const began = performance.now(); performance.now() - began < milliseconds; await setTimeout(portion)) {
    for (; count < ((performance.now() - began) / 1_000) * aSecond; count += 1)
      reader?.send(JSON.stringify({ type: 'read', room, seq: count + 1 }));
  }
  return count;
}

async function hangUp({ crowd }: CostsOrder & { kind: 'hangUp' }): Promise<number> {
  const members = membersOf(crowd);
  for (const member of members) member.onGone = () => undefined;
  await Promise.all(members.map((member) => member.hangUp()));
  crowds.delete(crowd);
  return members.length;
}

function membersOf(crowd: string): Member[] {
  const members = crowds.get(crowd);
  if (members === undefined) throw new Error(`nobody is ${crowd}`);
  return members;
}

function obey(order: CostsOrder): Promise<number> {
  if (order.kind === 'connect') return connect(order);
  if (order.kind === 'join') return join(order);
  if (order.kind === 'send') return send(order);
  if (order.kind === 'talk') return talk(order);
  if (order.kind === 'say') return say(order);
  if (order.kind === 'read') return read(order);
  return hangUp(order);
}

process.on('disconnect', () => process.exit(0));
process.on('message', (order: CostsOrder) => {
  void obey(order).then((count) => process.send?.({ count } satisfies CostsDone));
});
process.send?.({ ready: true });
