import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Run, reportAsMarkdown } from './markdown-report.ts';
import { drawPlot } from './svg-plot.ts';

/** Writes NAME.md and NAME-*.svg into a folder, instead of those that are there. */
export function writeResult(folder: string, run: Run): void {
  const { name, result } = run;
  mkdirSync(folder, { recursive: true });
  const isOld = (file: string) => file.startsWith(`${name}-`) && file.endsWith('.svg');
  for (const file of readdirSync(folder).filter(isOld)) rmSync(join(folder, file));
  for (const plot of result.plots ?? []) writeFileSync(join(folder, `${name}-${plot.name}.svg`), drawPlot(plot));
  writeFileSync(join(folder, `${name}.md`), reportAsMarkdown(run));
}
