import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Where and when a benchmark ran, a line each: name and value. */
export type Surroundings = Readonly<Record<string, string>>;

const memoryFileSystems = ['tmpfs', 'ramfs'];

/** Called before a benchmark begins: its own load is not what else the machine does. */
export function describeMachine(): Surroundings {
  const [processor] = cpus();
  return {
    Date: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    Processor: processor?.model.trim() ?? 'unknown',
    Cores: String(cpus().length),
    Memory: `${(totalmem() / 1024 ** 3).toFixed(1)} GiB`,
    Kernel: `${type()} ${release()}`,
    'Data on': `${findFileSystem(tmpdir())}, ${tmpdir()}`,
    'Load before': loadavg()
      .map((load) => load.toFixed(1))
      .join(', ')
      .concat(' (of the last 1, 5 and 15 minutes)'),
    Node: process.versions.node,
    Parlour: findCommit(),
  };
}

/** What a folder lies on: what is committed there is on a disk only if that is one. */
export function findFileSystem(folder: string): string {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
  const isAbove = (place: string) => place === '/' || folder === place || folder.startsWith(`${place}/`);
  const above = mounts.filter(([, place]) => place !== undefined && isAbove(place));
  // Of those mounted on the same place, the last one is seen.
  const [, , kind = 'unknown'] = above.toReversed().sort(([, a = ''], [, b = '']) => b.length - a.length)[0] ?? [];
  return memoryFileSystems.includes(kind) ? `${kind}: memory, which survives nothing` : kind;
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
