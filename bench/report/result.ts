import type { Verdict } from './verdict.ts';

/** Rows of cells; the first row is the head, and the first column names the others. */
export type Table = {
  title?: string;
  rows: readonly (readonly string[])[];
  /** Sentences below it. */
  notes?: readonly string[];
};

export type Axis = {
  /** With the unit in brackets, where there is one. */
  title: string;
  /** A decade is as wide everywhere. Otherwise the axis begins at zero. */
  isLogarithmic?: boolean;
  /** Whole numbers from 1 on, each of which is named. */
  isCount?: boolean;
};

export type Point = { x: number; y: number };
export type Series = {
  name: string;
  points: readonly Point[];
  /** Which colour and dashes it has, so that it looks the same in every plot; otherwise those of its place. */
  look?: number;
};

export type Plot = {
  /** Ends the name of its file: `growth-sockets.svg` is the plot `sockets` of the benchmark `growth`. */
  name: string;
  title: string;
  x: Axis;
  y: Axis;
  series: readonly Series[];
};

/** What a benchmark has measured, in the words and figures that are to be shown. */
export type Result = {
  title: string;
  /** What was measured and how, a paragraph each. */
  about: readonly string[];
  /** How often everything was measured, where the figures are medians. */
  rounds?: number;
  tables: readonly Table[];
  verdicts: readonly Verdict[];
  plots?: readonly Plot[];
  /** Of what ran besides Node and Parlour, by name. */
  versions?: Readonly<Record<string, string>>;
  /** What must not have been; the benchmark ends with exit code 1. */
  faults?: readonly string[];
};
