import type { Verdict } from './report/verdict.ts';
import { median } from './statistics.ts';

/** What one of several costs of another, round by round. */
export function compareRounds<Round>(
  rounds: readonly Round[],
  reference: readonly Round[],
  value: (round: Round) => number,
  referenceValue = value,
): number[] {
  return rounds.map((round, i) => {
    const other = reference[i];
    return value(round) / (other === undefined ? Number.NaN : referenceValue(other));
  });
}

/** The median, with the lowest and the highest round. */
export function formatRatios(ratios: readonly number[]): string {
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
}

/** A ratio that should be no greater than its target. */
export function judgeRatios(what: string, ratios: readonly number[], target: number): Verdict {
  return { what, bound: 'at most', target, measured: median(ratios), rounds: ratios };
}
