import { expect, test } from 'vitest';
import { hasPostgres } from '../packages/server/test/postgres-server.ts';
import { skipsRabbitmq } from '../packages/server/test/rabbitmq-server.ts';
import { readClusterOptions, runCluster } from './cluster.ts';
import { reportCluster } from './cluster-report.ts';
import { hasRedis } from './redis-server.ts';
import { reportToTerminal } from './report/terminal-report.ts';

const members = 20;
const isMissing = process.env['CI'] !== 'true' && (!hasPostgres || skipsRabbitmq || !hasRedis);

test.skipIf(isMissing)(
  'every member on both nodes gets every message, every send is acknowledged, and the report compares them',
  async () => {
    const figures = await runCluster({ members, senders: 5, rounds: 1, milliseconds: 100 }, () => undefined);
    expect(figures.tasks.map(({ order }) => order.kind)).toEqual(['speak', 'speak', 'send']);
    for (const { order, samples } of figures.tasks) {
      const { single, cluster, 'socket-io': socketIo } = samples;
      expect([single, cluster, socketIo].map(({ length }) => length)).toEqual([1, 1, order.kind === 'send' ? 0 : 1]);
      for (const { messages, used } of [...single, ...cluster, ...socketIo]) {
        expect(messages).toBeGreaterThan(0);
        expect(used.near).toBeGreaterThan(0);
      }
      // A latency is noted when a node's last member has the message, and a run ends when all messages have theirs.
      if (order.kind === 'send') continue;
      for (const { messages, latencies } of [...cluster, ...socketIo]) {
        expect(latencies.near).toHaveLength(messages);
        expect(latencies.far).toHaveLength(messages);
      }
      for (const { messages, latencies } of single) expect(latencies.near).toHaveLength(messages);
    }
    const { verdicts, versions, ...result } = reportCluster(figures);
    expect(verdicts).toHaveLength(8);
    for (const { what, measured } of verdicts) expect(measured, what).toBeGreaterThan(0);
    expect(versions).toMatchObject({ PostgreSQL: expect.any(String), RabbitMQ: expect.any(String) });
    expect(reportToTerminal({ ...result, verdicts }, {})).toMatch(/^Parlour, two nodes.* µs .* µs .* µs .* %/m);
  },
);

test('a room that is too small for its messages in flight is refused', () => {
  expect(readClusterOptions(['--members', '16', '--seconds', '0.5'])).toEqual({
    members: 16,
    senders: 100,
    rounds: 5,
    milliseconds: 500,
  });
  expect(() => readClusterOptions(['--members', '15'])).toThrow('at least 16');
});
