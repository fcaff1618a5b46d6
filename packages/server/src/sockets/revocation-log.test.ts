import { expect, it } from 'vitest';
import { openHouse } from '../../test/open-house.ts';
import { RevocationLog } from './revocation-log.ts';

it('I7: tells what came after a number, and that a number is not in the log', async () => {
  const house = await openHouse();
  const { kysely, urgent } = house.deps.db;
  const log = new RevocationLog(urgent);
  expect([await log.readLast(), await log.readAfter(0)]).toEqual([0, []]);
  const row = { kind: 'grant', user: 'ada', room: null, reason: 'signed_out', at: 0 } as const;
  for (const grantId of ['first', 'second'])
    await kysely
      .insertInto('revocations')
      .values({ ...row, grantId })
      .execute();
  expect(await log.readLast()).toBe(2);
  expect(await log.readAfter(0)).toMatchObject([{ grantId: 'first' }, { grantId: 'second' }]);
  expect(await log.readAfter(1)).toMatchObject([{ number: 2, grantId: 'second' }]);
  expect(await log.readAfter(2)).toEqual([]);
  expect(await log.readAfter(3)).toBeUndefined();
  await house.close();
});

it('I7: tells that a number is another row’s now, as on a standby that had not got it and has written since', async () => {
  const house = await openHouse();
  const { kysely, urgent } = house.deps.db;
  const log = new RevocationLog(urgent);
  const write = (number: number, grantId: string, at: number) =>
    kysely
      .insertInto('revocations')
      .values({ number, kind: 'grant', user: 'ada', room: null, reason: 'signed_out', grantId, at })
      .execute();
  for (const read of [() => log.readAfter(1), () => log.readLast()]) {
    await kysely.deleteFrom('revocations').execute();
    await write(1, 'first', 1);
    await write(2, 'lost', 2);
    await read();
    expect(await log.readAfter(2)).toEqual([]);
    await kysely.deleteFrom('revocations').where('number', '=', 2).execute();
    await write(2, 'missed', 3);
    await write(3, 'third', 4);
    expect(await log.readAfter(2)).toBeUndefined();
  }
  await house.close();
});
