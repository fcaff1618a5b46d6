import type { CostsFile } from './costs-report.ts';
import type { Result } from './report/result.ts';
import type { Load, ScaleAnswer } from './scale-model.ts';
import type { UseProfile } from './use-profile.ts';

type Row = [string, (answer: ScaleAnswer) => string];

const strained = [
  'a node’s fan-in',
  'a broker queue',
  'broker cores',
  'database cores',
  'connections',
  'disk in a year',
];

const rows: Row[] = [
  ['sockets', (a) => count(a.sockets)],
  ['messages a second', (a) => count(a.messages)],
  ['deliveries a second', (a) => count(a.deliveries)],
  ['typing and presence frames a second', (a) => count(a.passing)],
  ['nodes of one core', (a) => `${count(a.nodes)}${a.isEnough ? '' : '*'}`],
  ['memory of a node', (a) => `${(a.nodeMemory / 1e6).toFixed(0)} MB`],
  ['a node’s core, for what others tell it', (a) => percent(a.fanInCores)],
  ['PostgreSQL, cores busy', (a) => cores(a.postgresCores)],
  ['  of them asking what is unread', (a) => cores(a.noticeCores)],
  ['  of them polling (heads, revocations)', (a) => cores(a.pollingCores)],
  ['  rooms compared a second', (a) => count(a.roomsServed)],
  ['PostgreSQL, writes a second', (a) => count(a.writes)],
  ['PostgreSQL, disk a year', (a) => bytes(a.diskAYear)],
  ['broker, messages in a second', (a) => count(a.shardMessages + a.controlMessages)],
  ['broker, messages out a second', (a) => count(a.brokerDeliveries)],
  ['broker, to each node a second', (a) => count(a.fanIn)],
  ['broker, bindings', (a) => count(a.nodes * a.bindingsANode)],
  ['broker, cores busy', (a) => cores(a.brokerCores)],
  ['network to the sockets', (a) => `${bytes(a.toSockets)}/s`],
  ['network from the broker', (a) => `${bytes(a.toNodes)}/s`],
  ...strained.map((name): Row => [`used of ${name}`, ({ loads }) => strain(loads.find((load) => load.name === name))]),
  ['breaks first', ({ loads: [first] }) => (first && first.used > first.of ? first.name : 'nothing')],
];

/** One column a size. */
export function reportScale(answers: readonly ScaleAnswer[], { machine }: CostsFile, use: UseProfile): Result {
  const head = ['people connected', ...answers.map(({ people }) => people.toLocaleString('en'))];
  const isEnough = answers.every((answer) => answer.isEnough);
  const rooms = use.rooms.map(
    ({ name, members, messages, looking }) =>
      `${percent(messages)} of messages in rooms of ${members.toLocaleString('en')} (${name}), which ${percent(looking)} of those connected look at`,
  );
  return {
    title: 'What a larger house asks for',
    about: [
      `Reckoned, not measured: from costs measured on ${machine.processors} at ${machine.at}, and from this use in the busiest hour.`,
      `A connected person sends ${use.messages}, marks ${use.reads} rooms as read, changes the room ${use.roomChanges} times, reconnects ${use.reconnects} times; ${use.devices} devices, member of ${use.memberships} rooms, ${percent(use.connected)} of all people connected; ${rooms.join('; ')}.`,
    ],
    tables: [
      {
        rows: [head, ...rows.map(([title, show]) => [title, ...answers.map((answer) => show(answer))])],
        notes: [
          '“Used of” is what is asked of what one such part is trusted with, the same for every size: above 100 %, it breaks.',
          ...(isEnough
            ? []
            : [
                '* No number of nodes is enough: each is kept busy by what the others say. So many would be, without that.',
              ]),
        ],
      },
    ],
    verdicts: [],
  };
}

function strain(load: Load | undefined): string {
  return load === undefined ? '' : percent(load.used / load.of);
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function cores(value: number): string {
  return value < 10 ? value.toFixed(2) : count(value);
}

function percent(share: number): string {
  return `${Math.round(share * 100).toLocaleString('en')} %`;
}

function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  return `${(value / 1_000 ** power).toFixed(power > 2 ? 1 : 0)} ${units[power]}`;
}
