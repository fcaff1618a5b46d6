import type { Rounds } from './measure-in-turns.ts';
import { judge, judgeLoopDelay, namesIn, plotRounds, send, tabulate, versionsOf } from './peer-table.ts';
import type { Result } from './report/result.ts';
import type { Verdict } from './report/verdict.ts';

export type SizeFigures = { senders: number; rounds: Rounds };
export type SendsFigures = { absent: readonly string[]; sizes: SizeFigures[] };

/** What Parlour may cost of Socket.IO, by how many send. */
const costTargets: Readonly<Record<number, number>> = { 10: 2.2, 100: 1.1, 300: 0.9 };
/** How many sends of Socket.IO's it must manage in the same time. */
const rateTargets: Readonly<Record<number, number>> = { 100: 0.8 };

export function reportSends({ absent, sizes }: SendsFigures): Result {
  const [first] = sizes;
  return {
    title: 'Sends: acknowledged, as fast as they are answered',
    about: [
      'Each sender is alone in a room, has one message of 200 bytes under way, and sends the next one when it is acknowledged. The message comes back to the sender too, as it would go to others. Parlour acknowledges what is committed to the disk; Socket.IO what it has received.',
      ...absent,
    ],
    ...(first && { rounds: first.rounds.parlour?.length ?? 0 }),
    tables: sizes.map(({ senders, rounds }) => tabulate(`${senders} senders`, send, rounds)),
    verdicts: sizes.flatMap(judgeSize),
    plots: sizes.map(({ senders, rounds }) =>
      plotRounds(`${senders}`, `An acknowledged send, ${senders} senders`, send, rounds),
    ),
    versions: versionsOf(first === undefined ? [] : namesIn(first.rounds)),
  };
}

function judgeSize({ senders, rounds }: SizeFigures): Verdict[] {
  const { [senders]: cost } = costTargets;
  const { [senders]: rate } = rateTargets;
  const what = `${senders} senders`;
  return [
    ...(cost === undefined ? [] : [judge(`${what}, CPU a send of Socket.IO’s`, rounds, 'socket-io', send.cpu, cost)]),
    ...(rate === undefined
      ? []
      : [judge(`${what}, sends a second of Socket.IO’s`, rounds, 'socket-io', send.rate, rate, 'at least')]),
    judgeLoopDelay(what, rounds),
  ];
}
