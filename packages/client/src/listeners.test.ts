import { expect, test } from 'vitest';
import { Listeners } from './listeners.ts';

test('a listener that ends itself and starts anew is called once for each call', () => {
  const listeners = new Listeners<number>();
  const heard: number[] = [];
  const listen = () => {
    const stop = listeners.add((value) => {
      stop();
      heard.push(value);
      if (heard.length < 100) listen();
    });
  };
  listen();
  listeners.call(1);
  listeners.call(2);
  expect(heard).toEqual([1, 2]);
});

test('one that was ended by another in the same call is not called any more', () => {
  const listeners = new Listeners<void>();
  const heard: string[] = [];
  listeners.add(() => {
    heard.push('first');
    stop();
  });
  const stop = listeners.add(() => heard.push('second'));
  listeners.call();
  expect(heard).toEqual(['first']);
});
