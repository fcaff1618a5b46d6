import pg from 'pg';
import { expect, it } from 'vitest';
import { createAppendMessageBatch } from '../../messages/append-message-batch.ts';
import { BatchQueue } from './batch-queue.ts';

const stored = { isPrivate: 0, isMember: 1, isFresh: 1, seq: 1, position: 1, at: 1, sameRoom: 1, sameContent: 1 };
const fault = (code: string) => Object.assign(new pg.DatabaseError(`fault ${code}`, 0, 'error'), { code });

it('P-SEND-7, I2: where a batch is done again one by one, what follows a failure of storage on its connection fails too', async () => {
  const tried: string[][] = [];
  const pool = {
    query: async ({ values }: { values: string[][] }) => {
      const [, , ids = []] = values;
      tried.push(ids);
      // Nothing that one of them holds may fail the others; and then the database stops for a moment.
      if (ids.includes('wrong')) throw fault('22021');
      if (ids.includes('first')) throw fault('57P01');
      return { rows: ids.map(() => stored) };
    },
  };
  const queue = new BatchQueue(pool as unknown as pg.Pool, 'appendMessage', createAppendMessageBatch());
  const append = async (id: string, lane: number) => {
    try {
      await queue.call(['lobby', 'ada', id, 'Hello', null, 1, lane, 1, null]);
      return 'stored';
    } catch (error) {
      return (error as { code?: string }).code ?? 'refused';
    }
  };
  const outcomes = await Promise.all([append('wrong', 1), append('first', 2), append('second', 2), append('other', 3)]);
  expect(outcomes).toEqual(['refused', 'storage_unavailable', 'out_of_turn', 'stored']);
  expect(tried).toEqual([['wrong', 'first', 'second', 'other'], ['wrong'], ['first'], ['other']]);
});
