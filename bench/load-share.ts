import { median } from './statistics.ts';

/** Above this share of one processor the load generator may have been what held things up. */
const most = 0.9;

export function formatLoad(samples: readonly { loadShare: number }[]): string {
  const share = median(samples.map(({ loadShare }) => loadShare));
  return `${Math.round(share * 100)} %${share > most ? ', set the pace' : ''}`;
}
