import type { PeerName, Round } from './contender.ts';
import { formatLoadShare, noteLoadLimit } from './report/load-share.ts';
import type { Result, Table } from './report/result.ts';
import type { Verdict } from './report/verdict.ts';
import { findVersions } from './report/versions.ts';
import { median, percentile } from './statistics.ts';

export type ModeFigures = { inFlight: number; rounds: Record<PeerName, Round[]> };
export type FanoutFigures = { members: number; modes: ModeFigures[] };

const titles: Record<PeerName, string> = {
  'plain-ws': 'plain ws, keeps nothing',
  'socket-io': 'Socket.IO, keeps nothing',
  parlour: 'Parlour, authenticated and durable',
};
const reference: PeerName = 'plain-ws';
/** What Parlour may cost of the reference, by how many messages are in flight. */
const targets: Record<number, number> = { 1: 1, 16: 0.3 };

export function reportFanout({ members, modes }: FanoutFigures): Result {
  return {
    title: 'Fan-out: one message to everybody in a large room',
    about: [
      `One room of ${members.toLocaleString('en')} sockets, messages of 200 bytes. Medians of interleaved rounds; “of plain ws” is taken within each round, with the lowest and highest.`,
    ],
    ...(modes[0] && { rounds: modes[0].rounds.parlour.length }),
    tables: modes.map(tabulate),
    verdicts: modes.flatMap(judge),
    versions: findVersions('ws', 'socket.io'),
  };
}

function tabulate({ inFlight, rounds }: ModeFigures): Table {
  const head = ['server CPU', 'of plain ws', 'to the last p50', 'p99', 'deliveries/s', 'loop delay p99', 'load'];
  const rows = (Object.keys(titles) as PeerName[]).map((name) => [titles[name], ...formatRow(name, rounds)]);
  const shares = Object.values(rounds).map((all) => median(all.map(({ loadShare }) => loadShare)));
  return { title: `${inFlight} in flight`, rows: [['', ...head], ...rows], notes: noteLoadLimit(shares) };
}

function formatRow(name: PeerName, all: Record<PeerName, Round[]>): string[] {
  const rounds = all[name];
  const middle = (value: (round: Round) => number) => median(rounds.map(value));
  const latencies = rounds.flatMap((round) => round.latencies);
  const ratios = compare(name, all);
  return [
    `${middle((round) => round.cpuADelivery).toFixed(2)} µs`,
    `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`,
    `${percentile(latencies, 0.5).toFixed(1)} ms`,
    `${percentile(latencies, 0.99).toFixed(1)} ms`,
    Math.round(middle((round) => round.deliveriesASecond)).toLocaleString('en'),
    `${middle((round) => round.loopDelay).toFixed(1)} ms`,
    formatLoadShare(middle((round) => round.loadShare)),
  ];
}

function compare(name: PeerName, all: Record<PeerName, Round[]>): number[] {
  return all[name].map((round, i) => round.cpuADelivery / (all[reference][i]?.cpuADelivery ?? Number.NaN));
}

function judge({ inFlight, rounds }: ModeFigures): Verdict[] {
  const target = targets[inFlight];
  if (target === undefined) return [];
  const measured = median(compare('parlour', rounds));
  return [{ what: `${inFlight} in flight, CPU a delivery of plain ws`, bound: 'at most', target, measured }];
}
