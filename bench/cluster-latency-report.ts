import type { ClusterName, Sample } from './cluster-contender.ts';
import { type ClusterSamples, type Finding, titles } from './cluster-figures.ts';
import type { Pace } from './load/conversation.ts';
import { compareRounds, formatRatios, judgeRatios } from './ratio.ts';
import { median, percentile } from './statistics.ts';

const ofNear = 3;
const head = ['near p50', 'near p99', 'far p50', 'far p99', 'far of near'];

/** How long a message takes to the last member on its own node and on the other one, where nothing is saturated. */
export function reportLatency({ aSecond }: Pace, samples: ClusterSamples): Finding {
  const near = ({ latencies }: Sample) => median(latencies.near);
  const far = ({ latencies }: Sample) => median(latencies.far);
  const compare = (own: Sample[]) => compareRounds(own, own, far, near);
  const format = (name: ClusterName) => {
    const own = samples[name];
    const all = (side: 'near' | 'far', share: number) =>
      `${percentile(
        own.flatMap(({ latencies }) => latencies[side]),
        share,
      ).toFixed(1)} ms`;
    const onFar = name === 'single' ? ['', '', ''] : [all('far', 0.5), all('far', 0.99), formatRatios(compare(own))];
    return [titles[name], all('near', 0.5), all('near', 0.99), ...onFar];
  };
  return {
    table: {
      title: `Until the last member has it, ${aSecond} messages a second`,
      rows: [['', ...head], ...(Object.keys(titles) as ClusterName[]).map(format)],
    },
    verdicts: [judgeRatios('to the last member on the far node, of the near one', compare(samples.cluster), ofNear)],
  };
}
