import { cpus, loadavg } from 'node:os';
import type { Costs } from './cost.ts';
import type { Result } from './report/result.ts';

export type Machine = {
  at: string;
  processors: string;
  /** Of the last minute, when the measuring began: what else the machine was doing. */
  load: number;
  node: string;
  postgres: string;
  rabbitmq: string;
  meanwhile?: string;
};
export type CostsFile = { machine: Machine; costs: Costs };

export function describeMachine({ PostgreSQL, RabbitMQ }: { PostgreSQL: string; RabbitMQ: string }): Machine {
  const [processor] = cpus();
  return {
    at: new Date().toISOString(),
    processors: `${cpus().length} × ${processor?.model.trim()}`,
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
    node: process.versions.node,
    postgres: PostgreSQL,
    rabbitmq: RabbitMQ,
  };
}

export function reportCosts({ machine, costs }: CostsFile, rounds?: number): Result {
  const { send, delivery, publish, receive, marks, notice, connect, socket, node, loops, heads, stored } = costs;
  return {
    title: 'What everything costs in a house of several nodes',
    about: ['Two nodes on PostgreSQL and RabbitMQ. Processor time of each process, medians of the rounds.'],
    ...(rounds && { rounds }),
    tables: [
      {
        rows: [
          ['what', 'node', 'PostgreSQL', 'broker'],
          ['an acknowledged send, 256 rooms', us(send.node), us(send.postgres), ''],
          ['the same, all in one room', us(send.node), us(send.postgresOneRoom), ''],
          ['a delivery, alone in its tick', us(delivery.alone), '', ''],
          ['a delivery, with others', us(delivery.together), '', ''],
          [
            `a broker message published, ${publish.eventsAMessage.toFixed(1)} events`,
            us(publish.node),
            '',
            us(publish.broker),
          ],
          ['a broker message received', us(receive.node), '', us(receive.broker)],
          ['each event in it', us(receive.event), '', ''],
          ['a room marked as read', us(marks.node), us(marks.postgres), us(marks.broker)],
          ['the same, at each other node', us(marks.receiver), '', ''],
          ['a room with news that some do not look at', us(notice.roomNode), us(notice.roomPostgres), ''],
          ['each of them', us(notice.personNode), us(notice.personPostgres), ''],
          ['from a cookie to a socket in a room', us(connect.node), us(connect.postgres), ''],
          ['an idle socket, a minute', us(socket.cpuAMinute), '', ''],
          ['a room’s head looked at', us(heads.node), us(heads.postgres), ''],
          ['a node with nobody on it, a second', us(loops.node), us(loops.postgres), us(loops.broker)],
        ],
        notes: [
          `An idle socket holds ${(socket.bytes / 1_024).toFixed(1)} KiB, a node without any ${(node.bytes / 1_048_576).toFixed(0)} MiB.`,
          `A message of 200 bytes takes ${Math.round(stored.bytes)} bytes with its indexes, and ${Math.round(stored.log)} bytes of the database’s log.`,
        ],
      },
    ],
    verdicts: [],
    versions: { PostgreSQL: machine.postgres, RabbitMQ: machine.rabbitmq },
  };
}

function us(microseconds: number): string {
  return `${microseconds.toFixed(microseconds < 100 ? 1 : 0)} µs`;
}
