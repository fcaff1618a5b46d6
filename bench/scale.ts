import { readFileSync } from 'node:fs';
import { costsPath } from './costs.ts';
import type { CostsFile } from './costs-report.ts';
import { reckon } from './scale-model.ts';
import { reportScale } from './scale-report.ts';
import { workday } from './use-profile.ts';

export const scaleUsage = '[people …]';

const sizes = [10_000, 100_000, 1_000_000, 10_000_000];

/** What houses of these sizes ask for, reckoned from the costs that were measured last. */
export async function scale(args: readonly string[]): Promise<void> {
  const people = args.length === 0 ? sizes : args.map(Number);
  if (!people.every((count) => count >= 1))
    throw new Error(`The model takes ${scaleUsage}: numbers of connected people.`);
  const file = JSON.parse(readFileSync(costsPath, 'utf8')) as CostsFile;
  const answers = people.map((count) => reckon(count, workday, file.costs));
  process.stdout.write(`${reportScale(answers, file, workday)}\n`);
}
