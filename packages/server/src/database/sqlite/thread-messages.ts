import type { SqlFault } from '../storage-error.ts';

/** What is asked of a database thread. Requests travel as one flat array a tick: id, operation, first, second, … */
export type Operation = 'query' | 'begin' | 'inside' | 'commit' | 'rollback' | 'call' | 'probe' | 'close';
export type Request = { id: number; operation: Operation; first: unknown; second: unknown };

/** Answers travel the same way: id, 1 and the value, or id, 0 and the fault. */
export type Answer = { id: number; value: unknown } | { id: number; fault: SqlFault };

export const requestStride = 4;
export const answerStride = 3;

/** What a database thread is started with. `procedures` are modules that export `prepare` (see Prepare). */
export type ThreadData = { file: string; procedures: Record<string, string> };
