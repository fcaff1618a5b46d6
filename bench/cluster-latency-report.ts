import type { ClusterName, Sample } from './cluster-contender.ts';
import { type ClusterSamples, titles } from './cluster-figures.ts';
import { formatLoad } from './load-share.ts';
import { compareRounds, formatRatios, judge } from './ratio.ts';
import { median, percentile } from './statistics.ts';
import { formatTable } from './table.ts';

const ofNear = 3;

/** How long a message takes to the last member on its own node and on the other one, where nothing is saturated. */
export function reportLatency(samples: ClusterSamples): string[] {
  const near = ({ latencies }: Sample) => median(latencies.near);
  const far = ({ latencies }: Sample) => median(latencies.far);
  const compare = (own: Sample[]) => compareRounds(own, own, far, near);
  const format = (name: ClusterName) => {
    const own = samples[name];
    const isAlone = name === 'single';
    const all = (side: 'near' | 'far', share: number) =>
      `${percentile(
        own.flatMap(({ latencies }) => latencies[side]),
        share,
      ).toFixed(1)} ms`;
    return [
      titles[name],
      all('near', 0.5),
      all('near', 0.99),
      ...(isAlone ? ['', '', ''] : [all('far', 0.5), all('far', 0.99), formatRatios(compare(own))]),
      formatLoad(own),
    ];
  };
  const head = ['near p50', 'p99', 'far p50', 'p99', 'far of near', 'load'];
  return [
    formatTable([['Until the last member has it', ...head], ...(Object.keys(titles) as ClusterName[]).map(format)]),
    judge('to the other node at most % of the time on the same one', compare(samples.cluster), ofNear),
  ];
}
