// Runs the benchmarks that are named, or all of them in turn, each in a process of its own: it ends by itself when it takes
// too long, and all that it has started ends with it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { benchmarks } from './benchmarks.ts';
import { runBenchmark } from './run-benchmark.ts';

const [first, ...args] = process.argv.slice(2);
const names = Object.keys(benchmarks);
const checked = names.filter((name) => benchmarks[name]?.check !== undefined);

function runEach(chosen: readonly string[], options: readonly string[]): void {
  for (const name of chosen) {
    // The kernel ends it when this process is gone, also when that is killed.
    const command = ['--pdeathsig=TERM', '--', process.execPath, fileURLToPath(import.meta.url), name, ...options];
    const { status, error } = spawnSync('setpriv', command, { stdio: 'inherit' });
    if (error !== undefined) process.stderr.write(`${name} could not be started: ${error.message}\n`);
    if (status !== 0) process.exitCode = 1;
  }
}

function listAll(): never {
  const lines = Object.entries(benchmarks).map(
    ([name, { usage, about }]) => `  npm run bench -- ${name} ${usage}\n      ${about}`,
  );
  const others = [
    '  npm run bench\n      all of them in turn',
    `  npm run bench -- --check\n      the guard: ${checked.join(', ')} in a short form; fails when a ratio is much worse than its target`,
  ];
  process.stderr.write(`Which benchmark?\n${[...lines, ...others].join('\n')}\n`);
  process.exit(1);
}

if (first === undefined) runEach(names, []);
else if (first === '--check' && args.length === 0) runEach(checked, ['--check']);
else if (Object.hasOwn(benchmarks, first)) await runBenchmark(first, args);
else listAll();
