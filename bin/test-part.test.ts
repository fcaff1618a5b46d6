import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { endLeftRunning } from './left-running.ts';
import { type Part, runPart } from './test-part.ts';

function script(source: string, env: Record<string, string> = {}): Part {
  return { name: 'a part', command: [process.execPath, '-e', source], env, minutes: 1 };
}

/** On Linux a process that has ended stays in the table until somebody has waited for it. */
function isRunning(pid: number): boolean {
  try {
    if (process.platform !== 'linux') return process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const child = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'],`;

describe('a part of the test run', () => {
  test('gives its exit code and all that it said', async () => {
    const good = await runPart(script(`console.log('out'); console.error('err')`));
    expect(good.code).toBe(0);
    expect(good.output).toContain('out\n');
    expect(good.output).toContain('err\n');
    expect((await runPart(script('process.exit(3)'))).code).toBe(3);
  });

  test('has failed when it cannot be started', async () => {
    const { code, output } = await runPart({ name: 'none', command: ['/nowhere/at-all'], minutes: 1 });
    expect(code).toBe(1);
    expect(output).toContain('ENOENT');
  });

  test('has failed when it takes too long, and ends', async () => {
    const slow = { ...script('setInterval(() => {}, 1000)'), minutes: 0.01 };
    expect(await runPart(slow)).toMatchObject({ code: 1, output: expect.stringContaining('took longer') });
  });

  test('takes what it left in its group with it', async () => {
    const leaves = script(`const left = ${child} { stdio: 'inherit' }); console.log(left.pid); left.unref()`);
    const { output } = await runPart(leaves);
    await expect.poll(() => isRunning(Number(output))).toBe(false);
  });
});

test.runIf(process.platform === 'linux')('what left its group is found by its mark, and ended', async () => {
  const mark = `TEST_RUN=${randomUUID()}`;
  const env = { TEST_RUN: mark.slice('TEST_RUN='.length) };
  const leaves = `const left = ${child} { stdio: 'ignore', detached: true }); console.log(left.pid); left.unref()`;
  const { output } = await runPart(script(leaves, env));
  const pid = Number(output);
  expect(isRunning(pid)).toBe(true);
  expect((await endLeftRunning(mark, 1_000)).map((left) => left.pid)).toEqual([pid]);
  expect(await endLeftRunning(mark)).toEqual([]);
});
