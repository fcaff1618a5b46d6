import { readFileSync } from 'node:fs';
import type { Benchmark } from './benchmark.ts';
import { costsPath } from './costs.ts';
import type { CostsFile } from './costs-report.ts';
import { reckon } from './scale-model.ts';
import { reportScale } from './scale-report.ts';
import { UsageError } from './usage-error.ts';
import { workday } from './use-profile.ts';

const usage = '[people …]';

const sizes = [10_000, 100_000, 1_000_000, 10_000_000];

export const scale: Benchmark = {
  usage,
  about: 'what houses of 10,000 to 10 million connected people ask for, reckoned from the costs measured last',
  minutes: 1,
  run: async (args) => {
    const people = args.length === 0 ? sizes : args.map(Number);
    if (!people.every((count) => count >= 1))
      throw new UsageError(`The model takes ${usage}: numbers of connected people.`);
    const file = JSON.parse(readFileSync(costsPath, 'utf8')) as CostsFile;
    const answers = people.map((count) => reckon(count, workday, file.costs));
    return reportScale(answers, file, workday);
  },
};
