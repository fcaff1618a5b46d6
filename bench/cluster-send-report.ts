import type { Sample } from './cluster-contender.ts';
import { type ClusterSamples, type Finding, titles } from './cluster-figures.ts';
import { compareRounds, formatRatios, judgeRatios } from './ratio.ts';
import { formatLoadShare, noteLoadLimit } from './report/load-share.ts';
import { median } from './statistics.ts';

const ofSqlite = 1.5;
const head = ['node', 'of SQLite', 'database', 'broker', 'sends/s', 'load generator'];

/** What an acknowledged send costs the node that takes it, with all its threads, and what stands behind it. */
export function reportClusterSends(senders: number, { single, cluster }: ClusterSamples): Finding {
  const node = ({ used, messages }: Sample) => used.near / messages;
  const load = (own: Sample[]) => median(own.map(({ loadShare }) => loadShare));
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
      formatLoadShare(load(own)),
    ];
  };
  return {
    table: {
      title: `An acknowledged send, ${senders} senders`,
      rows: [['', ...head], format('single', single), format('cluster', cluster)],
      notes: noteLoadLimit([load(single), load(cluster)]),
    },
    verdicts: [judgeRatios('an acknowledged send, of SQLite', compareRounds(cluster, single, node), ofSqlite)],
  };
}

function us(microseconds: number): string {
  return `${microseconds.toFixed(1)} µs`;
}
