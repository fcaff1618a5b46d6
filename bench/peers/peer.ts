import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How long a server's loop kept others waiting, at the 99th percentile, since it was asked last. */
export type LoopDelay = { loopDelayMilliseconds: number };

/** Milliseconds between two samples of the loop's delay. */
const sampling = 10;

/** Tells the benchmark where this server listens, answers how its loop does, and ends when the benchmark does. */
export function serveBenchmark(port: number, stop: () => Promise<void> = async () => undefined, folder?: string): void {
  const delay = monitorEventLoopDelay({ resolution: sampling });
  delay.enable();
  process.on('message', () => {
    // What is measured is the time between two looks at the clock, of which only the rest is delay.
    const loopDelayMilliseconds = Math.max(0, delay.percentile(99) / 1e6 - sampling);
    process.send?.({ loopDelayMilliseconds } satisfies LoopDelay);
    delay.reset();
  });
  // Ctrl-C reaches this process too. It ends when the benchmark has, so that it can tidy up.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => {
    void stop().finally(() => process.exit(0));
  });
  process.send?.({ port, folder });
}
