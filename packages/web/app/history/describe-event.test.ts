import { auditKindNames, auditKinds } from '@parlour/protocol/audit';
import { expect, test } from 'vitest';
import { describeEvent, describeOrigin, nameOf } from './describe-event.ts';

const subject = { id: 'ada', name: 'Ada' };

test('every kind of event is a sentence', () => {
  for (const kind of auditKindNames) expect(describeEvent({ kind, subject: null, detail: {} })).toMatch(/^[A-Z]/);
});

test('a login says how one signed in, and its end why', () => {
  expect(describeEvent({ kind: 'signed_in', subject, detail: { method: 'password' } })).toBe(
    'Signed in with a password',
  );
  expect(describeEvent({ kind: 'signed_in', subject, detail: { method: 'single_sign_on', provider: 'okta' } })).toBe(
    'Signed in through okta',
  );
  expect(describeEvent({ kind: 'session_ended', subject, detail: { reason: 'expired' } })).toContain('expired');
  expect(describeEvent({ kind: 'session_ended', subject, detail: { reason: 'unheard of' } })).toBe(
    auditKinds.session_ended,
  );
});

test('a row that stands for several says so', () => {
  expect(describeEvent({ kind: 'sign_in_failed', subject, detail: { unwritten: 12 } })).toBe(
    'Wrong password (12 more times before)',
  );
});

test('a wrong password is told from an address that nobody has', () => {
  expect(describeEvent({ kind: 'sign_in_failed', subject, detail: {} })).toBe('Wrong password');
  expect(describeEvent({ kind: 'sign_in_failed', subject: null, detail: {} })).toBe('Wrong email or password');
});

test('where it came from is as much as is known', () => {
  const address = '192.0.2.1';
  expect(describeOrigin({ browser: 'Firefox', system: 'Linux', address })).toBe('Firefox on Linux, 192.0.2.1');
  expect(describeOrigin({ browser: 'Unknown browser', system: 'unknown system', address })).toBe(
    'Unknown browser, 192.0.2.1',
  );
  expect(describeOrigin({ browser: null, system: null, address })).toBe(address);
  expect(describeOrigin({ browser: null, system: null, address: null })).toBe('');
  expect(nameOf({ id: 'x', name: null })).toContain('closed');
});
