import type { ClusterName, Sample } from './cluster-contender.ts';
import type { ClusterOrder } from './load/cluster-load.ts';
import type { Table } from './report/result.ts';
import type { Verdict } from './report/verdict.ts';

export type ClusterSamples = Record<ClusterName, Sample[]>;
export type ClusterFigures = {
  /** Of the room, on each node. */
  members: number;
  senders: number;
  versions: Record<string, string>;
  tasks: { order: ClusterOrder; samples: ClusterSamples }[];
};

export const titles: Record<ClusterName, string> = {
  single: 'Parlour, one node, SQLite',
  cluster: 'Parlour, two nodes, PostgreSQL, RabbitMQ',
  'socket-io': 'Socket.IO, two nodes, Redis, keeps nothing',
};

/** What one measure comes to. */
export type Finding = { table: Table; verdicts: Verdict[] };
