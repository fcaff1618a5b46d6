import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { BrokenLanes } from '../../messages/broken-lanes.ts';
import { answerStride } from './thread-messages.ts';
import { WriteQueue } from './write-queue.ts';

/** `fault` is what an input fails by, if it does. */
type Input = { id: number; turn: number; fault?: Error };

it('P-SEND-7, I2: what waits behind a failure of storage fails too, also where its batch is done once more', () => {
  const lanes = new BrokenLanes();
  const procedure = {
    run: ({ turn, fault }: Input) => {
      lanes.check(1, turn);
      if (fault !== undefined) throw fault;
    },
    forget: () => undefined,
    failed: ({ turn }: Input) => lanes.fail(1, turn),
  };
  const answered = new Map<unknown, unknown>();
  const queue = new WriteQueue({
    db: new DatabaseSync(':memory:'),
    findProcedure: () => procedure,
    procedures: new Map([['append', procedure]]),
    answer: (answers) => {
      for (let i = 0; i < answers.length; i += answerStride)
        answered.set(answers[i], answers[i + 1] === 1 ? 'stored' : (answers[i + 2] as { refusal?: string }).refusal);
    },
    closed: () => undefined,
  });
  const add = (input: Input) => queue.add({ id: input.id, operation: 'call', first: 'append', second: input });
  add({ id: 1, turn: 1, fault: Object.assign(new Error('the disk is full'), { errcode: 13 }) });
  queue.work();
  add({ id: 2, turn: 1 });
  add({ id: 3, turn: 2 });
  add({ id: 4, turn: 2, fault: new Error('what nobody should meet') });
  queue.work();
  expect([...answered].sort()).toEqual([
    [1, undefined],
    [2, 'out_of_turn'],
    [3, 'stored'],
    [4, undefined],
  ]);
});

it('P-SEND-7: nothing waits behind what failed otherwise than for want of storage, also where that was found at the commit', () => {
  const db = new DatabaseSync(':memory:');
  db.exec(`CREATE TABLE rooms (number INTEGER PRIMARY KEY);
    CREATE TABLE events (room INTEGER NOT NULL REFERENCES rooms(number) DEFERRABLE INITIALLY DEFERRED)`);
  const insert = db.prepare('INSERT INTO events VALUES (1)');
  const lanes = new BrokenLanes();
  const append = {
    run: () => {
      lanes.check(1, 1);
      insert.run();
    },
    forget: () => undefined,
    failed: () => lanes.fail(1, 1),
  };
  const answered: unknown[][] = [];
  const queue = new WriteQueue({
    db,
    findProcedure: () => append,
    procedures: new Map([['append', append]]),
    answer: (answers) => void answered.push(answers),
    closed: () => undefined,
  });
  const send = (id: number) => {
    queue.add({ id, operation: 'call', first: 'append', second: undefined });
    queue.work();
  };
  send(1);
  db.exec('INSERT INTO rooms VALUES (1)');
  send(2);
  expect(answered).toEqual([
    [1, 0, { message: 'FOREIGN KEY constraint failed', errcode: expect.any(Number) }],
    [2, 1, undefined],
  ]);
});
