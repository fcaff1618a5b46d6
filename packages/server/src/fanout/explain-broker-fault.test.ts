import { expect, test } from 'vitest';
import { explainBrokerFault } from './explain-broker-fault.ts';

const explain = (message: string, code?: string | number) =>
  explainBrokerFault(Object.assign(new Error(message), code === undefined ? {} : { code }), 'parlour');

test('says what the library’s words mean, and else repeats them', () => {
  expect(explain('wrong version number', 'ERR_SSL_WRONG_VERSION_NUMBER')).toBe('what answers there does not speak TLS');
  expect(explain('Expected ConnectionOpenOk; got nothing')).toBe('it has no virtual host “parlour” for this user');
  expect(explain('Frame size exceeds frame max')).toBe('what answers there does not speak AMQP 0-9-1');
  expect(explain('', 'ECONNREFUSED')).toBe('ECONNREFUSED');
});

test('a reply code of AMQP 0-9-1 is a number', () => {
  const closed = 'Connection closed: 320 (CONNECTION-FORCED)';
  expect(explain(closed, 320)).toBe(closed);
});
