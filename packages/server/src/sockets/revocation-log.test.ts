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
