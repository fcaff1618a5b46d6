import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How long a server's loop kept others waiting since it was asked last: at the 99th percentile, and at most. */
export type LoopDelay = { loopDelayMilliseconds: number; longestMilliseconds: number };

/** Milliseconds between two samples of the loop's delay. */
const sampling = 10;

/** What the benchmark asks of a server: how its loop does, once it has let go of what nobody holds any more if it says so. */
export type PeerQuestion = { collect?: true };

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (how: object) => void;
/** The space for young objects goes too, of which V8 otherwise keeps as much as the busiest moment took. */
const collectGarbage = () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });

/** Tells the benchmark where this server listens, answers how its loop does, and ends when the benchmark does. */
export function serveBenchmark(port: number, stop: () => Promise<void> = async () => undefined, folder?: string): void {
  const delay = monitorEventLoopDelay({ resolution: sampling });
  delay.enable();
  process.on('message', ({ collect }: PeerQuestion) => {
    if (collect === true) {
      // Twice, because what the first collection lets go may hold more.
      collectGarbage();
      collectGarbage();
    }
    // What is measured is the time between two looks at the clock, of which only the rest is delay.
    const toDelay = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - sampling);
    process.send?.({
      loopDelayMilliseconds: toDelay(delay.percentile(99)),
      longestMilliseconds: toDelay(delay.max),
    } satisfies LoopDelay);
    delay.reset();
  });
  // Ctrl-C reaches this process too. It ends when the benchmark has, so that it can tidy up.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => {
    void stop().finally(() => process.exit(0));
  });
  process.send?.({ port, folder });
}
