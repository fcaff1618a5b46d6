import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endLeftRunning } from './left-running.ts';
import { addCounts, type Counts, describeCounts, judge, readCounts } from './test-counts.ts';
import { killParts, type Part, runPart } from './test-part.ts';

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'parlour-npm-test-'));
// Tests of missing rights run as somebody else, who must be able to pass through.
chmodSync(scratch, 0o711);
const mark = `TEST_RUN=${randomUUID()}`;
const environment = {
  // Whatever starts `node` from here gets the pinned one.
  PATH: `${join(root, 'node_modules', '.bin')}:${process.env['PATH']}`,
  TMPDIR: scratch,
  TEST_RUN: mark.slice('TEST_RUN='.length),
  ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
};

const part = (name: string, minutes: number, ...command: Part['command']): Part => ({
  name,
  command,
  cwd: root,
  env: environment,
  minutes,
});

const style = part('format and lint', 4, 'biome', 'check', '--error-on-warnings', '.');
const remembered = join(root, 'node_modules', '.cache', 'types.tsbuildinfo');
const types = part('types', 5, 'tsc', '-p', '.', '--incremental', '--tsBuildInfoFile', remembered);
// The tests of the pages need the settings that this makes for the compiler.
const prepareWeb = part('preparing the pages', 3, 'nuxt', 'prepare', 'packages/web');
const webTypes = part('types of the pages', 4, 'vue-tsc', '-b', 'packages/web');
const webBuild = part('build of the pages', 5, 'node', 'bin/build-web.ts');

function vitest(name: string, minutes: number, project: string): Part & { report: string } {
  const report = join(scratch, `${project}.json`);
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  return { ...part(name, minutes, 'vitest', 'run', '--project', project, '--passWithNoTests', ...reporters), report };
}

function browserTests(): Part & { report: string } {
  const report = join(scratch, 'browser.json');
  const command = part('browser tests', 20, 'playwright', 'test', '-c', 'e2e', '--reporter=list,json');
  return { ...command, env: { ...environment, PLAYWRIGHT_JSON_OUTPUT_FILE: report }, report };
}

async function run(each: Part & { report?: string }): Promise<Counts> {
  const { code, seconds, output } = await runPart(each);
  const counts = judge(code, each.report === undefined ? undefined : readCounts(each.report));
  const isGood = counts.failed === 0;
  if (!isGood) process.stdout.write(`\n${output.trimEnd()}\n\n`);
  const told = each.report === undefined ? '' : ` ${describeCounts(counts)}`;
  console.log(`${isGood ? '✓' : '✗'} ${each.name}${told} (${Math.round(seconds)} s)`);
  return counts;
}

async function inTurn(parts: readonly (Part & { report?: string })[]): Promise<Counts[]> {
  const counts: Counts[] = [];
  for (const each of parts) counts.push(await run(each));
  return counts;
}

/** Two at a time, because two cores are what there surely is. */
async function runChecks(mode: 'check' | 'all'): Promise<Counts[]> {
  const prepared = await run(prepareWeb);
  const second = async () => {
    const counts = await inTurn([style, types, webTypes]);
    return mode === 'all' ? [...counts, await runOnPostgres()] : counts;
  };
  const lanes = [inTurn([vitest('unit tests', 10, 'unit')]), second()];
  return [prepared, ...(await Promise.all(lanes)).flat()];
}

async function runOnPostgres(): Promise<Counts> {
  const isThere = globSync('/usr/lib/postgresql/*/bin/postgres').length > 0;
  if (isThere) return await run(vitest('tests on PostgreSQL', 15, 'postgres'));
  return skip('tests on PostgreSQL', 'there is no PostgreSQL in /usr/lib/postgresql', 1);
}

/** One after another: what they prove depends on time. */
async function runLong(): Promise<Counts[]> {
  const counts = await inTurn([webBuild, vitest('slow tests', 20, 'slow'), vitest('long tests', 10, 'long')]);
  if (existsSync('/usr/bin/chromium')) return [...counts, await run(browserTests())];
  const specs = globSync('e2e/*.spec.ts', { cwd: root }).length;
  return [...counts, skip('browser tests', 'there is no Chromium at /usr/bin/chromium', specs)];
}

/** What is missing is a skip on a laptop and a failure in CI. */
function skip(name: string, reason: string, skipped: number): Counts {
  console.log(`- ${name}: skipped, ${reason}`);
  return { passed: 0, failed: process.env['CI'] === 'true' ? 1 : 0, skipped };
}

async function main(mode: string | undefined): Promise<number> {
  if (mode !== 'check' && mode !== 'all') {
    console.error('Usage: node bin/test.ts check|all');
    return 2;
  }
  const counts = await runChecks(mode);
  if (mode === 'all') counts.push(...(await runLong()));
  for (const { pid, command } of await endLeftRunning(mark)) {
    console.log(`✗ left running: ${pid} ${command}`);
    counts.push({ passed: 0, failed: 1, skipped: 0 });
  }
  const sum = addCounts(counts);
  console.log(describeCounts(sum));
  return sum.failed === 0 ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    killParts();
    process.exit(1);
  });
}
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
process.exitCode = await main(process.argv[2]);
