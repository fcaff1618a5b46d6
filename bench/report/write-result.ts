import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Surroundings } from './machine.ts';
import { reportAsMarkdown } from './markdown-report.ts';
import type { Result } from './result.ts';
import { drawPlot } from './svg-plot.ts';

/** Writes NAME.md and NAME-*.svg into a folder, instead of those that are there. */
export function writeResult(folder: string, name: string, result: Result, surroundings: Surroundings): void {
  mkdirSync(folder, { recursive: true });
  const isOld = (file: string) => file.startsWith(`${name}-`) && file.endsWith('.svg');
  for (const file of readdirSync(folder).filter(isOld)) rmSync(join(folder, file));
  for (const plot of result.plots ?? []) writeFileSync(join(folder, `${name}-${plot.name}.svg`), drawPlot(plot));
  writeFileSync(join(folder, `${name}.md`), reportAsMarkdown(name, result, surroundings));
}
