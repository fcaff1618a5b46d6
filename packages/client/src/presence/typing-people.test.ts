import { limits } from '@parlour/protocol/limits';
import { describe, expect, test } from 'vitest';
import { ManualEnvironment } from '../../test/manual-environment.ts';
import { ada, grace } from '../../test/sample-events.ts';
import { TypingNotice } from './typing-notice.ts';
import { TypingPeople } from './typing-people.ts';

describe('TypingPeople', () => {
  test('an entry goes by itself, each in its own time', () => {
    const environment = new ManualEnvironment();
    let changes = 0;
    const typing = new TypingPeople(environment, () => {
      changes += 1;
    });
    typing.typed(ada);
    environment.advance(limits.typingShown - 1);
    typing.typed(grace);
    environment.advance(1);
    expect(typing.list()).toEqual([grace]);
    expect(changes).toBe(3);
  });

  test('typing on keeps it, and a message ends it', () => {
    const environment = new ManualEnvironment();
    const typing = new TypingPeople(environment, () => {});
    typing.typed(ada);
    environment.advance(limits.typingShown - 1);
    typing.typed(ada);
    environment.advance(limits.typingShown - 1);
    expect(typing.list()).toEqual([ada]);
    typing.stopped(ada.id);
    expect(typing.list()).toEqual([]);
    expect(environment.timerCount).toBe(0);
  });
});

describe('TypingNotice', () => {
  test('lets one through in an interval', () => {
    const environment = new ManualEnvironment();
    const notice = new TypingNotice(environment.now);
    expect([notice.isDue(), notice.isDue()]).toEqual([true, false]);
    environment.advance(limits.typingInterval);
    expect(notice.isDue()).toBe(true);
  });
});
