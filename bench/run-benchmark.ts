import { fileURLToPath } from 'node:url';
import type { Benchmark, Say } from './benchmark.ts';
import { benchmarks } from './benchmarks.ts';
import { requireProcessorTimes } from './process-usage.ts';
import { describeMachine, type Surroundings } from './report/machine.ts';
import { startMeanwhile } from './report/meanwhile.ts';
import type { Result } from './report/result.ts';
import { reportToTerminal } from './report/terminal-report.ts';
import { formatVerdict, isRegression } from './report/verdict.ts';
import { writeResult } from './report/write-result.ts';
import { UsageError } from './usage-error.ts';

const folder = fileURLToPath(new URL('./results/', import.meta.url));

/** Runs one benchmark, prints and writes what it measured, and sets the exit code. */
export async function runBenchmark(name: string, args: readonly string[]): Promise<void> {
  const benchmark = benchmarks[name];
  if (benchmark === undefined) throw new Error(`there is no benchmark ${name}`);
  endInOrder();
  const isCheck = args.includes('--check');
  const own = args.filter((arg) => arg !== '--check');
  // Who asks for more than usual may wait for it.
  if (own.length === 0) limitTime(benchmark.minutes);
  const { result, surroundings } = await measure(name, benchmark, own, isCheck);
  process.stdout.write(`\n${reportToTerminal(result, surroundings)}\n`);
  // The short form is too short to be kept.
  if (isCheck) reportRegressions(result);
  else writeResult(folder, { name, args: own, result, surroundings });
  if ((result.faults ?? []).length > 0) process.exitCode = 1;
}

/** Whoever asks for what cannot be done is told so, and nothing else. */
async function measure(
  name: string,
  benchmark: Benchmark,
  own: readonly string[],
  isCheck: boolean,
): Promise<{ result: Result; surroundings: Surroundings }> {
  const say: Say = (line) => void process.stderr.write(`${name}: ${line}\n`);
  try {
    requireProcessorTimes();
    if (isCheck && benchmark.check === undefined) throw new UsageError('There is no short form of this for --check.');
    const before = describeMachine();
    const endMeanwhile = startMeanwhile();
    const result = await benchmark.run(isCheck ? [...(benchmark.check ?? []), ...own] : own, say);
    return { result, surroundings: { ...before, ...endMeanwhile() } };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\nnpm run bench -- ${name} ${benchmark.usage}\n`);
    process.exit(1);
  }
}

function reportRegressions({ verdicts }: Result): void {
  for (const { what } of verdicts.filter(({ measured }) => measured === undefined))
    process.stderr.write(`NOT JUDGED: ${what}\n`);
  const regressions = verdicts.filter(isRegression);
  for (const verdict of regressions) process.stderr.write(`REGRESSION: ${formatVerdict(verdict).join(', ')}\n`);
  if (regressions.length > 0) process.exitCode = 1;
}

/** Also when it is told to end: its processes end with it, and what it keeps in temporary folders goes. */
function endInOrder(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
}

/** Its processes end with this one. */
function limitTime(minutes: number): void {
  const give = () => {
    process.stderr.write(`The benchmark took longer than ${minutes} minutes: this machine is too busy for it.\n`);
    process.exit(1);
  };
  setTimeout(give, minutes * 60_000).unref();
}
