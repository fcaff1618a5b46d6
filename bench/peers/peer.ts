import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a server has used since it started, and how long its loop kept others waiting since it was asked last. */
export type Usage = { cpuMicroseconds: number; loopDelayMilliseconds: number };

/** Milliseconds between two samples of the loop's delay. */
const sampling = 10;

/** What the benchmark asks of a server: what it used, or to let go of what nobody holds any more, before its memory is read. */
export type PeerQuestion = { collect?: true };

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Tells the benchmark where this server listens, answers what it used, and ends when the benchmark does. */
export function serveBenchmark(port: number, stop: () => Promise<void> = async () => undefined, folder?: string): void {
  const delay = monitorEventLoopDelay({ resolution: sampling });
  delay.enable();
  process.on('message', ({ collect }: PeerQuestion) => {
    if (collect === true) {
      // Twice, because what the first collection lets go may hold more.
      collectGarbage();
      collectGarbage();
    }
    // Of the whole process: every thread counts, also the ones that write to the database.
    const { user, system } = process.cpuUsage();
    // What is measured is the time between two looks at the clock, of which only the rest is delay.
    const loopDelayMilliseconds = Math.max(0, delay.percentile(99) / 1e6 - sampling);
    const usage: Usage = { cpuMicroseconds: user + system, loopDelayMilliseconds };
    process.send?.(usage);
    delay.reset();
  });
  // Ctrl-C reaches this process too. It ends when the benchmark has, so that it can tidy up.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => {
    void stop().finally(() => process.exit(0));
  });
  process.send?.({ port, folder });
}
