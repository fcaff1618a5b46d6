import { cpus } from 'node:os';
import { reportDeliveries } from './cluster-delivery-report.ts';
import type { ClusterFigures } from './cluster-figures.ts';
import { reportLatency } from './cluster-latency-report.ts';
import { reportSends } from './cluster-send-report.ts';

export function reportCluster(figures: ClusterFigures): string {
  const [processor] = cpus();
  const members = figures.members.toLocaleString('en');
  const versions = Object.entries(figures.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Cluster: one room of ${members} members on each node, messages of 200 bytes; ${cpus().length} × ${processor?.model.trim()}, ${versions.join(', ')}`,
    'Medians of interleaved rounds; ratios are taken within each round, with the lowest and highest.',
    ...figures.tasks.flatMap((task) => ['', ...reportTask(figures, task)]),
  ].join('\n');
}

function reportTask(
  { members, senders }: ClusterFigures,
  { order, samples }: ClusterFigures['tasks'][number],
): string[] {
  if (order.kind === 'send') return reportSends(senders, samples);
  const { atOnce, aSecond } = order;
  const deliveries = reportDeliveries(`A delivery, ${atOnce} at once, ${aSecond} times a second`, members, samples);
  return atOnce === 1 ? [...deliveries, '', ...reportLatency(samples)] : deliveries;
}
