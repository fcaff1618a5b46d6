/** A target, and what was measured of it. */
export type Verdict = {
  /** Of what, in words that end well before “at most”. */
  what: string;
  bound: 'at most' | 'at least';
  target: number;
  /** Undefined where what it is held against could not be had. */
  measured: number | undefined;
  /** Of each round, where what was measured is their median: how far it may be trusted. */
  rounds?: readonly number[];
  /** Of both; without one they are a ratio. */
  unit?: string;
};

/** How much worse than its target a ratio may be on a busy machine before it counts as a regression. */
const tolerance = 1.15;

export function isMet({ bound, target, measured }: Verdict): boolean {
  if (measured === undefined) return false;
  return bound === 'at most' ? measured <= target : measured >= target;
}

/** Only ratios tell: absolute figures are the machine's. */
export function isRegression({ unit, bound, target, measured }: Verdict): boolean {
  if (unit !== undefined || measured === undefined) return false;
  return !(bound === 'at most' ? measured <= target * tolerance : measured >= target / tolerance);
}

/** What, target, measured with the lowest and the highest round, met or MISSED. */
export function formatVerdict(verdict: Verdict): string[] {
  const { what, bound, target, measured, rounds = [], unit } = verdict;
  const show = (value: number) => `${formatFigure(value)}${unit === undefined ? '' : ` ${unit}`}`;
  const goal = `${bound} ${show(target)}`;
  if (measured === undefined) return [what, goal, 'not measured', '–'];
  const spread =
    rounds.length < 2 ? '' : ` (${formatFigure(Math.min(...rounds))}–${formatFigure(Math.max(...rounds))})`;
  return [what, goal, `${show(measured)}${spread}`, isMet(verdict) ? 'met' : 'MISSED'];
}

/** Three digits that count, and never fewer than the whole number has. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) < 100) return value.toLocaleString('en', { maximumSignificantDigits: 3 });
  return value.toLocaleString('en', { maximumFractionDigits: 0 });
}
