import type { BenchCluster } from '../bench-cluster.ts';

/** The bytes that the database and its log take for each message that some work stores. */
export async function measureStored<Result extends { count: number }>(
  cluster: BenchCluster,
  work: () => Promise<Result>,
) {
  const look = () => {
    cluster.sql('CHECKPOINT');
    const [bytes = 0, log = 0] = cluster
      .sql(`SELECT pg_total_relation_size('events'), pg_current_wal_lsn() - '0/0'`)
      .split('|')
      .map(Number);
    return { bytes, log };
  };
  const before = look();
  const result = await work();
  const after = look();
  const each = (what: 'bytes' | 'log') => (after[what] - before[what]) / result.count;
  return { result, bytes: each('bytes'), log: each('log') };
}
