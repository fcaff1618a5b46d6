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

export function formatRatios(ratios: readonly number[]): string {
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
}

/** Whether a target was met, as a sentence. `what` says what is compared with what. */
export function judge(what: string, ratios: readonly number[], target: number): string {
  const ratio = median(ratios);
  return `Target: ${what.replace('%', target.toFixed(2))}: ${ratio <= target ? 'met' : 'MISSED'}, with ${ratio.toFixed(2)}.`;
}
