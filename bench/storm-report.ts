import { formatLoadShare, noteLoadLimit } from './report/load-share.ts';
import type { Result, Table } from './report/result.ts';
import type { Verdict } from './report/verdict.ts';
import { findVersions } from './report/versions.ts';
import type { ServerName } from './restartable-server.ts';
import { divide, formatSpread } from './rounds.ts';
import { median } from './statistics.ts';

/** One return of everybody, from the moment the server was ready again; processor time in microseconds, of all threads. */
export type ReturnRound = {
  cpu: number;
  /** From the kill until the last client was back. */
  milliseconds: number;
  attempts: number;
  busyMicroseconds: number;
  loopDelay: number;
  /** The longest that the loop kept anybody waiting. */
  longest: number;
};
export type StormFigures = {
  clients: number;
  missed: number;
  returns: Record<ServerName, ReturnRound[]>;
  /** Parlour's again, with events that were missed. */
  resumes: ReturnRound[];
  /** Microseconds that a delivery cost while all were there. */
  liveDeliveries: number[];
};

const titles: Record<ServerName, string> = {
  'socket-io': 'Express and Socket.IO, tickets in memory',
  parlour: 'Parlour',
};
const targets = { client: 1, event: 3, loopDelay: 50 };

export function reportStorm(figures: StormFigures): Result {
  const { clients, missed, returns } = figures;
  return {
    title: 'Storm: everybody back after a crash',
    about: [
      `${clients.toLocaleString('en')} clients, each of a login of its own, in rooms of 100. The server is killed and started again; every client comes back on the same schedule: a ticket by HTTP, the upgrade with it, a token checked, the room joined. Then the same with ${missed} messages that each has missed. Processor time from the moment when the server is ready.`,
    ],
    rounds: returns.parlour.length,
    tables: [tabulateReturns(figures), tabulateEvents(figures)],
    verdicts: judge(figures),
    versions: findVersions('express', 'socket.io'),
  };
}

function tabulateReturns({ clients, missed, returns, resumes }: StormFigures): Table {
  const milliseconds = (value: number) => `${value.toFixed(0)} ms`;
  const reference = cpuAClient(returns['socket-io'], clients);
  const row = (title: string, rounds: readonly ReturnRound[]) => {
    const middle = (value: (round: ReturnRound) => number) => median(rounds.map(value));
    return [
      title,
      formatSpread(cpuAClient(rounds, clients), (value) => value.toFixed(0)),
      formatSpread(divide(cpuAClient(rounds, clients), reference)),
      `${(middle(({ milliseconds }) => milliseconds) / 1_000).toFixed(1)} s`,
      (middle(({ attempts }) => attempts) / clients).toFixed(1),
      formatSpread(
        rounds.map(({ loopDelay }) => loopDelay),
        milliseconds,
      ),
      formatSpread(
        rounds.map(({ longest }) => longest),
        milliseconds,
      ),
      formatLoadShare(middle(loadShare)),
    ];
  };
  const all = [...Object.values(returns).flat(), ...resumes];
  return {
    title: 'Back in the room',
    rows: [
      [
        '',
        'CPU a client, µs',
        'of Socket.IO',
        'all back after',
        'tries each',
        'loop delay p99',
        'longest',
        'load generator',
      ],
      ...(Object.keys(titles) as ServerName[]).map((name) => row(titles[name], returns[name])),
      row(`Parlour, ${missed} messages missed`, resumes),
    ],
    notes: noteLoadLimit(all.map(loadShare)),
  };
}

function tabulateEvents(figures: StormFigures): Table {
  const resumed = cpuAnEvent(figures);
  const micro = (value: number) => `${value.toFixed(2)} µs`;
  return {
    title: 'A message that was missed',
    rows: [
      ['', 'CPU', 'of a live delivery'],
      [
        'delivered live, in one of the rooms',
        formatSpread(figures.liveDeliveries, micro),
        formatSpread(divide(figures.liveDeliveries, figures.liveDeliveries)),
      ],
      ['resumed', formatSpread(resumed, micro), formatSpread(divide(resumed, figures.liveDeliveries))],
    ],
    notes: ['Resumed: what the return cost more with them than without, divided by the messages.'],
  };
}

function judge(figures: StormFigures): Verdict[] {
  const { clients, returns, resumes, liveDeliveries } = figures;
  const ratios = divide(cpuAClient(returns.parlour, clients), cpuAClient(returns['socket-io'], clients));
  const delays = [...returns.parlour, ...resumes].map(({ loopDelay }) => loopDelay);
  const events = divide(cpuAnEvent(figures), liveDeliveries);
  const bound = 'at most';
  return [
    {
      what: 'CPU a client, of Express and Socket.IO',
      bound,
      target: targets.client,
      measured: median(ratios),
      rounds: ratios,
    },
    {
      what: 'CPU a missed message, of a live delivery',
      bound,
      target: targets.event,
      measured: median(events),
      rounds: events,
    },
    {
      what: 'loop delay p99, the worst round',
      bound,
      target: targets.loopDelay,
      measured: Math.max(...delays),
      unit: 'ms',
    },
  ];
}

function cpuAClient(rounds: readonly ReturnRound[], clients: number): number[] {
  return rounds.map(({ cpu }) => cpu / clients);
}

function cpuAnEvent({ clients, missed, returns, resumes }: StormFigures): number[] {
  return resumes.map(({ cpu }, round) => (cpu - (returns.parlour[round]?.cpu ?? Number.NaN)) / (clients * missed));
}

function loadShare({ busyMicroseconds, milliseconds }: ReturnRound): number {
  return busyMicroseconds / 1_000 / milliseconds;
}
