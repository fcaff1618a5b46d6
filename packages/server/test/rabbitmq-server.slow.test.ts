import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { until } from './fanout/fanout-recorder.ts';
import { skipsRabbitmq } from './rabbitmq-server.ts';

describe.skipIf(skipsRabbitmq)('the broker of the tests', () => {
  test('leaves nothing behind, neither when it is stopped nor when whoever started it is killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parlour-brokers-'));
    const module = join(import.meta.dirname, 'rabbitmq-server.ts');
    const script = `
      const { RabbitmqServer } = await import(${JSON.stringify(module)});
      const [stopped, left] = await Promise.all([RabbitmqServer.start(), RabbitmqServer.start()]);
      const { pids } = stopped;
      await stopped.stop();
      console.log(JSON.stringify({ stopped: pids, left: left.pids }));
      setInterval(() => undefined, 1_000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
    const { stopped, left } = JSON.parse(line);
    expect(stopped.filter(isRunning)).toEqual([]);
    expect(left.filter(isRunning)).toHaveLength(2);
    expect(readdirSync(folder)).toHaveLength(1);
    child.kill('SIGKILL');
    await until(() => left.filter(isRunning).length === 0);
    rmSync(folder, { recursive: true });
  });
});

/** What ended and was not waited for is still listed. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
