import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Where and when a benchmark ran, a line each: name and value. */
export type Surroundings = Readonly<Record<string, string>>;

/** Called before a benchmark begins: its own load is not what else the machine does. */
export function describeMachine(): Surroundings {
  const [processor] = cpus();
  return {
    Date: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    Processor: processor?.model.trim() ?? 'unknown',
    Cores: String(cpus().length),
    Memory: `${(totalmem() / 1024 ** 3).toFixed(1)} GiB`,
    Kernel: `${type()} ${release()}`,
    'Load before': loadavg()
      .map((load) => load.toFixed(1))
      .join(', ')
      .concat(' (of the last 1, 5 and 15 minutes)'),
    Node: process.versions.node,
    Parlour: findCommit(),
  };
}

/** The commit that was measured; what the benchmarks before this one have written is no change of it. */
function findCommit(): string {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const git = (...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const commit = git('rev-parse', '--short', 'HEAD');
    const changes = git('status', '--porcelain', '--untracked-files=no', ':(top)', ':(top,exclude)bench/results');
    return changes === '' ? commit : `${commit}-dirty`;
  } catch {
    return 'unknown: not in a git checkout';
  }
}
