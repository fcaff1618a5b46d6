import type { Rounds } from './measure-in-turns.ts';
import { judge, judgeLoopDelay, message, namesIn, p99, plotRounds, tabulate, versionsOf } from './peer-table.ts';
import type { Result } from './report/result.ts';

export type RoomsFigures = { rooms: number; messages: number; absent: readonly string[]; rounds: Rounds };

export function reportRooms({ rooms, messages, absent, rounds }: RoomsFigures): Result {
  return {
    title: 'Rooms: a steady murmur in many of them',
    about: [
      `${rooms} rooms of 20 sockets, ${messages.toLocaleString('en')} messages of 200 bytes a second over all of them.`,
      ...absent,
    ],
    rounds: rounds.parlour?.length ?? 0,
    tables: [tabulate(`${rooms} rooms`, message, rounds)],
    verdicts: [
      judge('CPU a message of Socket.IO’s', rounds, 'socket-io', message.cpu, 0.9),
      judge('p99 to the last member of Socket.IO’s', rounds, 'socket-io', p99, 1.5),
      judgeLoopDelay('under this load', rounds),
    ],
    plots: [plotRounds('cpu', `A message to one of ${rooms} rooms of 20`, message, rounds)],
    versions: versionsOf(namesIn(rounds)),
  };
}
