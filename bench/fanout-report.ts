import type { Rounds } from './measure-in-turns.ts';
import { delivery, judge, namesIn, p99, plotRounds, shortTitle, tabulate, versionsOf } from './peer-table.ts';
import type { PeerName } from './peers/peer-name.ts';
import type { Result } from './report/result.ts';
import type { Verdict } from './report/verdict.ts';

export type ModeFigures = { inFlight: number; rounds: Rounds };
export type FanoutFigures = { members: number; absent: readonly string[]; modes: ModeFigures[] };

/** What Parlour may cost of another server, by how many messages are in flight. */
const targets: Readonly<Record<number, Partial<Record<PeerName, number>>>> = {
  1: { bun: 1.25, 'plain-ws': 1, nats: 0.6, nchan: 0.9, 'socket-io': 0.65 },
  16: { bun: 1.5, 'plain-ws': 0.3, nats: 0.5, nchan: 0.2, 'socket-io': 0.12 },
};

export function reportFanout({ members, absent, modes }: FanoutFigures): Result {
  const [first] = modes;
  return {
    title: 'Fan-out: one message to everybody in a large room',
    about: [
      `One room of ${members.toLocaleString('en')} sockets, messages of 200 bytes; whoever speaks does so again when everybody has it.`,
      ...absent,
    ],
    ...(first && { rounds: first.rounds.parlour?.length ?? 0 }),
    tables: modes.map(({ inFlight, rounds }) => tabulate(`${inFlight} in flight`, delivery, rounds)),
    verdicts: modes.flatMap(judgeMode),
    plots: modes.map(({ inFlight, rounds }) =>
      plotRounds(
        `${inFlight}`,
        `A delivery to one of ${members.toLocaleString('en')}, ${inFlight} in flight`,
        delivery,
        rounds,
      ),
    ),
    versions: versionsOf(first === undefined ? [] : namesIn(first.rounds)),
  };
}

function judgeMode({ inFlight, rounds }: ModeFigures): Verdict[] {
  const costs = Object.entries(targets[inFlight] ?? {}) as [PeerName, number][];
  const what = (name: PeerName) => `${inFlight} in flight, CPU a delivery of ${shortTitle(name)}’s`;
  return [
    ...costs.map(([name, target]) => judge(what(name), rounds, name, delivery.cpu, target)),
    ...(inFlight === 1
      ? [judge('1 in flight, p99 to the last member of Socket.IO’s', rounds, 'socket-io', p99, 1)]
      : []),
  ];
}
