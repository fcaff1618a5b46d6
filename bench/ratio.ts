import { median } from './statistics.ts';

/** What one of several costs of another, round by round. */
export function compareRounds<Round>(
  rounds: readonly Round[],
  reference: readonly Round[],
  value: (round: Round) => number,
): number[] {
  return rounds.map((round, i) => {
    const other = reference[i];
    return value(round) / (other === undefined ? Number.NaN : value(other));
  });
}

/** The median, with the lowest and the highest round. */
export function formatRatios(ratios: readonly number[]): string {
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
}
