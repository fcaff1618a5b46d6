import { expect, test } from 'vitest';
import { ManualEnvironment } from '../../test/manual-environment.ts';
import { TypingNotice } from './typing-notice.ts';

test('P-TYPING-1: lets one notice through in two seconds, also after the clock was set back', () => {
  const environment = new ManualEnvironment();
  const notice = new TypingNotice(environment.now);
  expect(notice.isDue()).toBe(true);
  environment.advance(1_999);
  expect(notice.isDue()).toBe(false);
  environment.advance(1);
  expect(notice.isDue()).toBe(true);
  environment.sleep(-3_600_000);
  expect(notice.isDue()).toBe(true);
});
