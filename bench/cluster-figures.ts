import type { ClusterName, Sample } from './cluster-contender.ts';
import type { ClusterOrder } from './load/cluster-load.ts';

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
