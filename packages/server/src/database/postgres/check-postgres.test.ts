import { expect, test } from 'vitest';
import { refuseUnfit } from './check-postgres.ts';

test('takes PostgreSQL from 15 on, in UTF-8', () => {
  for (const version of ['15.0', '15.14 (Debian 15.14-0+deb12u1)', '18beta1', '20.3'])
    expect(() => refuseUnfit(version, 'UTF8')).not.toThrow();
  expect(() => refuseUnfit('14.19', 'UTF8')).toThrow('it is a PostgreSQL 14.19, and Parlour needs 15 or newer');
  expect(() => refuseUnfit('15.1', 'LATIN1')).toThrow('its encoding is LATIN1, and Parlour needs UTF8');
});
