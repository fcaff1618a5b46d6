import { expect, test } from 'vitest';
import { hasPostgres } from '../packages/server/test/postgres-server.ts';
import { skipsRabbitmq } from '../packages/server/test/rabbitmq-server.ts';
import { fullPlan, readCostsOptions, runCosts } from './costs.ts';
import { reportCosts } from './costs-report.ts';

const isMissing = process.env['CI'] !== 'true' && (!hasPostgres || skipsRabbitmq);

test.skipIf(isMissing)('every cost of a small house is measured, and the report shows it', async () => {
  // Medians, and what a cluster does anyway over some seconds of it: less drowns in what the machine does besides.
  const plan = {
    rounds: 3,
    milliseconds: 600,
    senders: 20,
    sockets: 100,
    idleSeconds: 10,
    crowd: 60,
    few: 4,
    messages: 500,
  };
  const file = await runCosts(plan, () => undefined);
  for (const [name, parts] of Object.entries(file.costs)) {
    for (const [part, value] of Object.entries(parts)) expect(value, `${name}.${part}`).toEqual(expect.any(Number));
  }
  const { send, connect, stored, publish, loops } = file.costs;
  for (const value of [send.node, send.postgres, connect.node, connect.postgres, publish.broker, loops.postgres])
    expect(value).toBeGreaterThan(0);
  expect(publish.eventsAMessage).toBeGreaterThanOrEqual(0.9);
  expect(stored.bytes).toBeGreaterThan(200);
  expect(stored.log).toBeGreaterThan(200);
  const [table] = reportCosts(file).tables;
  expect(table?.rows[1]?.slice(0, 3)).toEqual([
    'an acknowledged send, 256 rooms',
    expect.stringMatching(/ µs$/),
    expect.stringMatching(/ µs$/),
  ]);
});

test('options that measure nothing are refused', () => {
  expect(readCostsOptions(['--rounds', '2']).plan).toEqual({ ...fullPlan, rounds: 2 });
  expect(() => readCostsOptions(['--sockets', '10'])).toThrow('at least 100 sockets');
});
