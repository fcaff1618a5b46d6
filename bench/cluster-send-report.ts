import type { Sample } from './cluster-contender.ts';
import { type ClusterSamples, titles } from './cluster-figures.ts';
import { formatLoad } from './load-share.ts';
import { compareRounds, formatRatios, judge } from './ratio.ts';
import { median } from './statistics.ts';
import { formatTable } from './table.ts';

const ofSqlite = 1.5;

/** What an acknowledged send costs the node that takes it, with all its threads, and what stands behind it. */
export function reportSends(senders: number, { single, cluster }: ClusterSamples): string[] {
  const node = ({ used, messages }: Sample) => used.near / messages;
  const format = (name: 'single' | 'cluster', own: Sample[]) => {
    const middle = (value: (sample: Sample) => number) => median(own.map(value));
    const behind = (part: 'postgres' | 'broker') =>
      name === 'single' ? '' : us(middle(({ used, messages }) => used[part] / messages));
    return [
      titles[name],
      us(middle(node)),
      formatRatios(compareRounds(own, single, node)),
      behind('postgres'),
      behind('broker'),
      Math.round(middle(({ used, messages }) => messages / used.seconds)).toLocaleString('en'),
      formatLoad(own),
    ];
  };
  const head = ['node', 'of SQLite', 'database', 'broker', 'sends/s', 'load'];
  return [
    formatTable([[`A send, ${senders} senders`, ...head], format('single', single), format('cluster', cluster)]),
    judge('a send at most % of SQLite', compareRounds(cluster, single, node), ofSqlite),
  ];
}

function us(microseconds: number): string {
  return `${microseconds.toFixed(1)} µs`;
}
