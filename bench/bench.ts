// Runs the benchmarks that are named, or all of them in turn, each in a process of its own: it ends by itself when it takes
// too long, and all that it has started ends with it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { benchmarks } from './benchmarks.ts';
import { runBenchmark } from './run-benchmark.ts';

const [first, ...args] = process.argv.slice(2);
const names = Object.keys(benchmarks);

function runEach(chosen: readonly string[], options: readonly string[]): void {
  for (const name of chosen) {
    const command = [fileURLToPath(import.meta.url), name, ...options];
    const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}

function listAll(): never {
  const lines = Object.entries(benchmarks).map(
    ([name, { usage, about }]) => `  npm run bench -- ${name} ${usage}\n      ${about}`,
  );
  const others = [
    '  npm run bench\n      all of them in turn',
    '  npm run bench -- --check\n      the guard: some in a short form; fails when a ratio is much worse than its target',
  ];
  process.stderr.write(`Which benchmark?\n${[...lines, ...others].join('\n')}\n`);
  process.exit(1);
}

if (first === undefined) runEach(names, []);
else if (first === '--check') {
  runEach(
    names.filter((name) => benchmarks[name]?.check !== undefined),
    ['--check'],
  );
} else if (Object.hasOwn(benchmarks, first)) await runBenchmark(first, args);
else listAll();
