import { fileURLToPath } from 'node:url';
import { benchmarks } from './benchmarks.ts';
import { describeMachine } from './report/machine.ts';
import { reportToTerminal } from './report/terminal-report.ts';
import { formatVerdict, isRegression } from './report/verdict.ts';
import { writeResult } from './report/write-result.ts';

const folder = fileURLToPath(new URL('./results/', import.meta.url));

/** Runs one benchmark, prints and writes what it measured, and sets the exit code. */
export async function runBenchmark(name: string, args: readonly string[]): Promise<void> {
  const benchmark = benchmarks[name];
  if (benchmark === undefined) throw new Error(`there is no benchmark ${name}`);
  limitTime(benchmark.minutes);
  const isCheck = args.includes('--check');
  const surroundings = describeMachine();
  const own = args.filter((arg) => arg !== '--check');
  const say = (line: string) => void process.stderr.write(`${name}: ${line}\n`);
  const result = await benchmark.run(isCheck ? [...(benchmark.check ?? []), ...own] : own, say);
  process.stdout.write(`\n${reportToTerminal(result, surroundings)}\n`);
  // The short form is too short to be kept.
  if (!isCheck) writeResult(folder, name, result, surroundings);
  const regressions = isCheck ? result.verdicts.filter(isRegression) : [];
  for (const verdict of regressions) process.stderr.write(`REGRESSION: ${formatVerdict(verdict).join(', ')}\n`);
  if (regressions.length > 0 || (result.faults ?? []).length > 0) process.exitCode = 1;
}

/** Its processes end with this one. */
function limitTime(minutes: number): void {
  const give = () => {
    process.stderr.write(`The benchmark took longer than ${minutes} minutes: this machine is too busy for it.\n`);
    process.exit(1);
  };
  setTimeout(give, minutes * 60_000).unref();
}
