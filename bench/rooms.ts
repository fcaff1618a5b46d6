import type { Benchmark, Say } from './benchmark.ts';
import { findInstalled, withContenders } from './gather-contenders.ts';
import type { CrowdSize } from './load/seats.ts';
import { measureInTurns } from './measure-in-turns.ts';
import type { PeerName } from './peers/peer-name.ts';
import { describeNumbers, readNumbers } from './read-numbers.ts';
import { type RoomsFigures, reportRooms } from './rooms-report.ts';

/** Those that have rooms, and no more than one of each kind. */
const contestants: readonly PeerName[] = ['bun', 'nats', 'socket-io', 'parlour'];
const warmUps = 2;
export const membersEach = 20;
const defaults = { rooms: 200, messages: 1_000, rounds: 7, seconds: 2 };

export type RoomsOptions = { rooms: number; messages: number; rounds: number; milliseconds: number };

export function readRoomsOptions(args: readonly string[]): RoomsOptions {
  const { rooms, messages, rounds, seconds } = readNumbers(args, defaults);
  return { rooms, messages, rounds, milliseconds: seconds * 1_000 };
}

/** Everybody is in one room, and has one socket. */
export function roomsSize(rooms: number): CrowdSize {
  const people = rooms * membersEach;
  return { sockets: people, people, rooms, roomsEach: 1 };
}

/** Many rooms with a steady murmur in all of them: what a message costs beside other servers. */
export async function runRooms(
  { rooms, messages, rounds, milliseconds }: RoomsOptions,
  say: Say,
  names: readonly PeerName[] = contestants,
): Promise<RoomsFigures> {
  const { present, absent } = findInstalled(names);
  const wanted = present.map((name) => ({ name, size: roomsSize(rooms) }));
  const order = { kind: 'chatter', messagesASecond: messages, milliseconds } as const;
  const [result = {}] = await withContenders(wanted, say, (contenders) =>
    measureInTurns([{ contenders, order }], { rounds, warmUps }, say),
  );
  return { rooms, messages, absent, rounds: result };
}

export const rooms: Benchmark = {
  usage: describeNumbers(defaults),
  about: 'what a message costs with many rooms that talk steadily, beside three other servers',
  minutes: 8,
  run: async (args, say) => reportRooms(await runRooms(readRoomsOptions(args), say)),
};
