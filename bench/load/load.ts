// The load generator: a process with all sockets of one server, which talk as they are told.
import { setTimeout } from 'node:timers/promises';
import type { PeerName } from '../peers/peer-name.ts';
import { type SendsOptions, sendAlone } from './acknowledged-sends.ts';
import { readBusyTime } from './busy-time.ts';
import { type ChatterOptions, chatter } from './chatter.ts';
import { bun, type Dialect, nchan, plainWs, socketIo } from './dialect.ts';
import { Member, UpgradeRefused } from './member.ts';
import { nats } from './nats-dialect.ts';
import { parlour } from './parlour-dialect.ts';
import { type CrowdSize, roomsOf } from './seats.ts';
import { Talk, type TalkOptions, type TalkResult } from './talk.ts';

/** `folder` is where the server keeps its data, if it does. */
export type LoadSetting = CrowdSize & { peer: PeerName; port: number; folder: string };
export type LoadOrder =
  | ({ kind: 'talk' } & TalkOptions)
  | ({ kind: 'chatter' } & ChatterOptions)
  | ({ kind: 'send' } & SendsOptions);
/** How long this process was busy, so that it shows when it and not the server was what held things up. */
export type LoadResult = TalkResult & { busyMicroseconds: number };

const connectingAtOnce = 50;
const attemptMaximum = 10;
const retryAfter = 1_000;

const dialects: Record<PeerName, (setting: LoadSetting) => Promise<Dialect>> = {
  bun: async () => bun,
  'plain-ws': async () => plainWs,
  nats: async () => nats,
  nchan: async () => nchan,
  'socket-io': async () => socketIo,
  parlour: (setting) => parlour(setting.port, setting.folder, setting),
};

process.on('disconnect', () => process.exit(0));
const setting = JSON.parse(process.argv[2] ?? '') as LoadSetting;
const dialect = await dialects[setting.peer](setting);
const rooms: Member[][] = Array.from({ length: setting.rooms }, () => []);

/** A server that cannot take the socket just now says so, and is asked again, as every client does. */
async function connectOne(number: number): Promise<Member> {
  for (let attempt = 1; ; attempt++) {
    const { path, answer } = dialect;
    const member = new Member({ port: setting.port, path, protocols: await dialect.protocols(number), answer });
    try {
      await member.opened();
      await dialect.enter(member, number, roomsOf(number, setting));
      return member;
    } catch (error) {
      if (!(error instanceof UpgradeRefused) || attempt === attemptMaximum) throw error;
      await setTimeout(retryAfter);
    }
  }
}

async function connectAll(): Promise<Member[]> {
  const members: Member[] = [];
  let next = 0;
  const connectSome = async () => {
    for (let number = next++; number < setting.sockets; number = next++) {
      const member = await connectOne(number);
      members[number] = member;
      for (const room of roomsOf(number, setting)) rooms[room]?.push(member);
    }
  };
  await Promise.all(Array.from({ length: connectingAtOnce }, connectSome));
  return members;
}

function obey(order: LoadOrder): Promise<TalkResult> {
  if (order.kind === 'talk') return new Talk(members, dialect).run(order);
  if (order.kind === 'chatter') return chatter(rooms, dialect, order);
  return sendAlone(members, dialect, order);
}

async function measure(order: LoadOrder): Promise<LoadResult> {
  const before = readBusyTime();
  const result = await obey(order);
  return { ...result, busyMicroseconds: readBusyTime() - before };
}

const members = await connectAll();
process.on('message', (order: LoadOrder) => {
  void measure(order).then((result) => process.send?.(result));
});
process.send?.({ connected: members.length });
