import type { ClusterName, Sample } from './cluster-contender.ts';
import { type ClusterSamples, titles } from './cluster-figures.ts';
import { formatLoad } from './load-share.ts';
import { compareRounds, formatRatios, judge } from './ratio.ts';
import { median } from './statistics.ts';
import { formatTable } from './table.ts';
import type { Usage } from './usage.ts';

const ofOneNode = 1.15;
const ofSocketIo = 0.8;

/** What a delivery costs in the room. */
export function reportDeliveries(title: string, members: number, samples: ClusterSamples): string[] {
  const { single, cluster, 'socket-io': socketIo } = samples;
  const near = ({ used, messages }: Sample) => used.near / messages / members;
  const far = ({ used, messages }: Sample) => used.far / messages / members;
  /** The mean of both nodes, which have as many members each. */
  const across = (sample: Sample) => (near(sample) + far(sample)) / 2;
  const format = (name: ClusterName) => {
    const isAlone = name === 'single';
    const own = samples[name];
    const both = isAlone ? near : across;
    const aMessage = (part: keyof Usage) => {
      const value = median(own.map(({ used, messages }) => used[part] / messages));
      return value === 0 ? '' : us(value);
    };
    return [
      titles[name],
      us(median(own.map(near))),
      isAlone ? '' : us(median(own.map(far))),
      formatRatios(compareRounds(own, single, both, near)),
      formatRatios(compareRounds(own, socketIo, both, across)),
      aMessage('postgres'),
      aMessage('broker'),
      formatLoad(own),
    ];
  };
  const head = ['near node', 'far node', 'of one node', 'of Socket.IO', 'database', 'broker', 'load'];
  return [
    formatTable([[title, ...head], ...(Object.keys(titles) as ClusterName[]).map(format)]),
    judge('near the sender at most % of one node', compareRounds(cluster, single, near), ofOneNode),
    judge('on the other node at most % of one node', compareRounds(cluster, single, far, near), ofOneNode),
    judge('on both at most % of Socket.IO with Redis', compareRounds(cluster, socketIo, across), ofSocketIo),
  ];
}

function us(microseconds: number): string {
  return `${microseconds.toFixed(microseconds < 100 ? 2 : 0)} µs`;
}
