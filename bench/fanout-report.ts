import { cpus } from 'node:os';
import type { PeerName, Round } from './contender.ts';
import { median, percentile } from './statistics.ts';
import { formatTable } from './table.ts';

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

export function reportFanout(figures: FanoutFigures): string {
  const [processor] = cpus();
  const members = figures.members.toLocaleString('en');
  return [
    `Fan-out: one room of ${members} sockets, messages of 200 bytes; Node ${process.versions.node}, ${cpus().length} × ${processor?.model.trim()}`,
    'Medians of interleaved rounds; “of plain ws” is taken within each round, with the lowest and highest.',
    ...figures.modes.flatMap((mode) => ['', ...reportMode(mode)]),
  ].join('\n');
}

function reportMode({ inFlight, rounds }: ModeFigures): string[] {
  const head = ['server CPU', 'of plain ws', 'to the last p50', 'p99', 'deliveries/s', 'loop delay p99', 'load'];
  const rows = (Object.keys(titles) as PeerName[]).map((name) => [titles[name], ...formatRow(name, rounds)]);
  return [formatTable([[`${inFlight} in flight`, ...head], ...rows]), judge(inFlight, rounds)];
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
    `${Math.round(middle((round) => round.loadShare) * 100)} %`,
  ];
}

function compare(name: PeerName, all: Record<PeerName, Round[]>): number[] {
  return all[name].map((round, i) => round.cpuADelivery / (all[reference][i]?.cpuADelivery ?? Number.NaN));
}

function judge(inFlight: number, rounds: Record<PeerName, Round[]>): string {
  const target = targets[inFlight];
  if (target === undefined) return '';
  const ratio = median(compare('parlour', rounds));
  const verdict = ratio <= target ? 'met' : 'MISSED';
  return `Target: Parlour at most ${target.toFixed(1)} of plain ws: ${verdict}, with ${ratio.toFixed(2)}.`;
}
