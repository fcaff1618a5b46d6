import { expect, test } from 'vitest';
import { ManualEnvironment } from '../../test/manual-environment.ts';
import { SilenceWatch } from './silence-watch.ts';

test('P-CLIENT-5: asks after 20 seconds in which nothing came, and for as long as nothing comes', () => {
  const environment = new ManualEnvironment();
  let asked = 0;
  const watch = new SilenceWatch(environment, () => {
    asked += 1;
  });
  watch.start();
  environment.advance(15_000);
  watch.heard();
  environment.advance(19_999);
  expect(asked).toBe(0);
  environment.advance(1);
  expect(asked).toBe(1);
  environment.advance(20_000);
  expect(asked).toBe(2);
  watch.stop();
  expect(environment.timerCount).toBe(0);
});

test('P-CLIENT-5: asks also where the clock was set back meanwhile', () => {
  const environment = new ManualEnvironment();
  let asked = 0;
  const watch = new SilenceWatch(environment, () => {
    asked += 1;
  });
  watch.start();
  environment.sleep(-3_600_000);
  environment.advance(20_000);
  expect(asked).toBe(1);
  watch.stop();
});
