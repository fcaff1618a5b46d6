import { cpus } from 'node:os';
import { reportAlone } from './cluster-alone-report.ts';
import type { ClusterFigures } from './cluster-figures.ts';
import { reportSteady } from './cluster-steady-report.ts';
import { reportTalk } from './cluster-talk-report.ts';

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
  if (order.kind === 'talk') return reportTalk(order.inFlight, members, samples);
  if (order.kind === 'speak') return reportSteady(order.aSecond, samples);
  return reportAlone(senders, samples);
}
