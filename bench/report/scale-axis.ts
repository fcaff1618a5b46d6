import type { Axis } from './result.ts';

/** One axis: where it puts a value, from 0 to 1, and which values it names. */
export type Ruler = { place(value: number): number; ticks: readonly number[] };

/** How many values a linear axis names at most. */
const tickMaximum = 6;

export function scaleAxis(axis: Axis, values: readonly number[]): Ruler {
  if (axis.isCount === true) return scaleCount(values);
  return axis.isLogarithmic === true ? scaleByDecades(values) : scaleFromZero(values);
}

/** With half a step on either side. */
function scaleCount(values: readonly number[]): Ruler {
  const count = Math.max(1, ...values);
  return { place: (value) => (value - 0.5) / count, ticks: Array.from({ length: count }, (_, i) => i + 1) };
}

function scaleByDecades(values: readonly number[]): Ruler {
  const [low, high] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))];
  const [from, to] = [Math.floor(low + 1e-9), Math.max(Math.ceil(high - 1e-9), Math.floor(low) + 1)];
  const place = (value: number) => (Math.log10(value) - from) / (to - from);
  return { place, ticks: Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i)) };
}

function scaleFromZero(values: readonly number[]): Ruler {
  const high = Math.max(0, ...values) || 1;
  const step = roundUp(high / (tickMaximum - 1));
  const count = Math.max(1, Math.ceil(high / step - 1e-9));
  return { place: (value) => value / (count * step), ticks: Array.from({ length: count + 1 }, (_, i) => i * step) };
}

/** To 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5].find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}
