import { closeCodes, revocationReasons } from '@parlour/protocol/close-codes';
import { expect, test } from 'vitest';
import { explainClose, findCloseDelay } from './close-reason.ts';

test('P-CLOSE-4, A8: a close is explained in a sentence, a revocation with its reason', () => {
  expect(explainClose(closeCodes.revoked.code, 'signed_out')).toBe('You signed out.');
  expect(explainClose(closeCodes.revoked.code, 'toString')).toBe(revocationReasons.session_ended);
  expect(explainClose(closeCodes.restarting.code, '')).toBe(closeCodes.restarting.meaning);
  expect(explainClose(1006, '')).toBe('The connection was lost.');
});

test('4429 is left alone for as long as it asks, or a second', () => {
  expect(findCloseDelay(closeCodes.tooFast.code, '4')).toBe(4_000);
  expect(findCloseDelay(closeCodes.tooFast.code, 'Too many frames.')).toBe(1_000);
  expect(findCloseDelay(closeCodes.tooSlow.code, '4')).toBe(0);
});

test('P-CLOSE-5: 1012 is left alone for as long as it asks, and no longer than a minute', () => {
  expect(findCloseDelay(closeCodes.restarting.code, '2.5')).toBe(2_500);
  expect(findCloseDelay(closeCodes.restarting.code, closeCodes.restarting.meaning)).toBe(0);
  expect(findCloseDelay(closeCodes.restarting.code, '1e9')).toBe(60_000);
  expect(findCloseDelay(closeCodes.restarting.code, '-3')).toBe(0);
});
