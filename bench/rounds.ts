import { median } from './statistics.ts';

/** Everything in turn, each round beginning with another one, so that what else the machine does meets all alike. */
export function inTurn<Item>(items: readonly Item[], round: number): Item[] {
  const from = round % items.length;
  return [...items.slice(from), ...items.slice(0, from)];
}

/** The median, with the lowest and the highest. */
export function formatSpread(values: readonly number[], show = (value: number) => value.toFixed(2)): string {
  return `${show(median(values))} (${show(Math.min(...values))}–${show(Math.max(...values))})`;
}

/** One list divided by the other, round by round. */
export function divide(values: readonly number[], by: readonly number[]): number[] {
  return values.map((value, round) => value / (by[round] ?? Number.NaN));
}
