import type { ClusterName, Sample } from './cluster-contender.ts';
import { type ClusterSamples, type Finding, titles } from './cluster-figures.ts';
import type { Pace } from './load/conversation.ts';
import { compareRounds, formatRatios, judgeRatios } from './ratio.ts';
import { formatLoadShare, noteLoadLimit } from './report/load-share.ts';
import { median } from './statistics.ts';
import type { Usage } from './usage.ts';

const ofOneNode = 1.15;
const ofSocketIo = 0.8;
const head = ['near node', 'far node', 'of one node', 'of Socket.IO', 'database', 'broker', 'load generator'];

/** What a delivery costs in the room. */
export function reportDeliveries({ atOnce, aSecond }: Pace, members: number, samples: ClusterSamples): Finding {
  const { single, cluster, 'socket-io': socketIo } = samples;
  const near = ({ used, messages }: Sample) => used.near / messages / members;
  const far = ({ used, messages }: Sample) => used.far / messages / members;
  /** The mean of both nodes, which have as many members each. */
  const across = (sample: Sample) => (near(sample) + far(sample)) / 2;
  const format = (name: ClusterName) => {
    const isAlone = name === 'single';
    const own = samples[name];
    const both = isAlone ? near : across;
    return [
      titles[name],
      us(median(own.map(near))),
      isAlone ? '' : us(median(own.map(far))),
      formatRatios(compareRounds(own, single, both, near)),
      formatRatios(compareRounds(own, socketIo, both, across)),
      formatBehind(own, 'postgres'),
      formatBehind(own, 'broker'),
      formatLoadShare(loadOf(own)),
    ];
  };
  const names = Object.keys(titles) as ClusterName[];
  const pace = `${atOnce} at once, ${aSecond} times a second`;
  return {
    table: {
      title: `A delivery, ${pace}`,
      rows: [['', ...head], ...names.map(format)],
      notes: noteLoadLimit(names.map((name) => loadOf(samples[name]))),
    },
    verdicts: [
      judgeRatios(`a delivery on the near node, of one node, ${pace}`, compareRounds(cluster, single, near), ofOneNode),
      judgeRatios(`the same on the far node`, compareRounds(cluster, single, far, near), ofOneNode),
      judgeRatios(`the same on both, of Socket.IO with Redis`, compareRounds(cluster, socketIo, across), ofSocketIo),
    ],
  };
}

function formatBehind(samples: Sample[], part: keyof Usage): string {
  const used = median(samples.map(({ used, messages }) => used[part] / messages));
  return used === 0 ? '' : us(used);
}

function loadOf(samples: Sample[]): number {
  return median(samples.map(({ loadShare }) => loadShare));
}

function us(microseconds: number): string {
  return `${microseconds.toFixed(microseconds < 100 ? 2 : 0)} µs`;
}
