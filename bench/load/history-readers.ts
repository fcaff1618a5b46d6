// The load generator: a process in which one member of each room reads pages of its history and resumes in it.
import { Agent, get } from 'node:http';
import type { Member } from './member.ts';
import { type CrowdSetting, gatherCrowd, type Pass } from './passes.ts';
import { isEvent } from './returning-client.ts';

/** Rooms by their numbers; each holds so many messages. */
export type HistoryOrder =
  | { kind: 'name-rooms' }
  | { kind: 'read-pages'; room: number; messages: number; count: number }
  /** Joins again and again after a place that is so many events before the end. */
  | { kind: 'resume'; room: number; missed: number; count: number };

export type NamedRooms = { rooms: string[] };

process.on('disconnect', () => process.exit(0));
const setting = JSON.parse(process.argv[2] ?? '') as CrowdSetting;
const crowd = await gatherCrowd(setting);
const members = new Map<number, { member: Member; seq: number }>();
const agent = new Agent({ keepAlive: true });

function passOf(room: number): Pass {
  const pass = crowd.passes[room];
  if (pass === undefined) throw new Error(`there is no room ${room}`);
  return pass;
}

/** Anywhere but at the very beginning, where a page would be short. */
function pickBefore(messages: number): number {
  return Math.ceil(messages / 2 + Math.random() * (messages / 2));
}

function readPage({ cookie, room }: Pass, before: number): Promise<void> {
  const path = `/api/rooms/${room}/messages?before=${before}`;
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: setting.port, path, agent, headers: { cookie } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`no page: ${response.statusCode}`));
      response.on('end', resolve).resume();
    }).on('error', reject);
  });
}

async function findMember(room: number): Promise<{ member: Member; seq: number }> {
  const known = members.get(room) ?? (await crowd.enter(room));
  members.set(room, known);
  return known;
}

async function resumeOnce(member: Member, room: string, after: number, missed: number): Promise<void> {
  await new Promise<void>((resolve) => {
    let left = missed;
    member.onText = (data, start, end) => {
      if (isEvent(data, start, end)) left -= 1;
      if (left === 0) resolve();
      return true;
    };
    member.send(JSON.stringify({ type: 'join', room, after }));
  });
}

async function obey(order: HistoryOrder): Promise<object> {
  if (order.kind === 'name-rooms') return { rooms: crowd.passes.map(({ room }) => room) };
  const pass = passOf(order.room);
  if (order.kind === 'read-pages') {
    for (let i = 0; i < order.count; i += 1) await readPage(pass, pickBefore(order.messages));
    return {};
  }
  const { member, seq } = await findMember(order.room);
  for (let i = 0; i < order.count; i += 1) await resumeOnce(member, pass.room, seq - order.missed, order.missed);
  return {};
}

process.on('message', (order: HistoryOrder) => {
  void obey(order).then((result) => process.send?.(result));
});
process.send?.({ ready: true });
