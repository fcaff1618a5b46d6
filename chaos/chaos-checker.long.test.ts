import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasPostgres } from '../packages/server/test/postgres-server.ts';
import { skipsRabbitmq } from '../packages/server/test/rabbitmq-server.ts';
import { hasNginx } from './nginx.ts';

const isMissing = process.env['CI'] !== 'true' && (!hasPostgres || !hasNginx || skipsRabbitmq);
const small = ['--clients', '12', '--rooms', '4', '--seconds', '4'];

describe.skipIf(isMissing)('what checks the chaos', () => {
  test.each([
    { without: 'repair', fault: 'broker-cut', column: 'lost' },
    { without: 'resume', fault: 'clients-asleep', column: 'lost' },
    { without: 'idempotency', fault: 'database-killed', column: 'doubled' },
    { without: 'revocation', fault: 'broker-slow', column: 'delivered without right' },
  ])('notices what is $column without $without', async ({ without, fault, column }) => {
    const { code, output } = await runChaos('--without', without, '--only', fault, ...small);
    expect({ code, output }).toMatchObject({ code: 1 });
    const [head = [], row = []] = output.trim().split('\n').slice(-2).map(readCells);
    expect(row[0]).toBe(fault);
    expect(Number(row[head.indexOf(column)])).toBeGreaterThan(0);
  });
});

function readCells(line: string): string[] {
  return line.split(/ {2,}/);
}

async function runChaos(...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'chaos.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}
