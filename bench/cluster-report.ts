import { reportDeliveries } from './cluster-delivery-report.ts';
import type { ClusterFigures, Finding } from './cluster-figures.ts';
import { reportLatency } from './cluster-latency-report.ts';
import { reportClusterSends } from './cluster-send-report.ts';
import type { Result } from './report/result.ts';

export function reportCluster(figures: ClusterFigures): Result {
  const members = figures.members.toLocaleString('en');
  const findings = figures.tasks.flatMap((task) => reportTask(figures, task));
  return {
    title: 'Cluster: two nodes beside one, and beside Socket.IO with Redis',
    about: [
      `One room of ${members} members on each node, and ${figures.senders} people who each send in a room of their own; messages of 200 bytes. Medians of interleaved rounds; ratios are taken within each round, with the lowest and highest. The database’s and the broker’s processor time is for one message.`,
    ],
    ...(figures.tasks[0] && { rounds: figures.tasks[0].samples.cluster.length }),
    tables: findings.map(({ table }) => table),
    verdicts: findings.flatMap(({ verdicts }) => verdicts),
    versions: figures.versions,
  };
}

function reportTask(
  { members, senders }: ClusterFigures,
  { order, samples }: ClusterFigures['tasks'][number],
): Finding[] {
  if (order.kind === 'send') return [reportClusterSends(senders, samples)];
  const deliveries = reportDeliveries(order, members, samples);
  return order.atOnce === 1 ? [deliveries, reportLatency(order, samples)] : [deliveries];
}
