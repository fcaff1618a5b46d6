import { setTimeout as delay } from 'node:timers/promises';
import { ParlourError } from '@parlour/protocol/errors';
import { type Backoff, backoff } from '../backoff.ts';
import type { Log } from '../log.ts';
import { NotYetError } from '../start-error.ts';
import { describeFault } from './describe-fault.ts';

export type KeepTryingOptions = {
  log: Log;
  /** It failed for this reason, a sentence, and is tried again. */
  onWait?: ((reason: string) => void) | undefined;
  /** Milliseconds between attempts. */
  pauses?: Backoff;
};

const usualPauses = { first: 500, most: 10_000 };

/**
 * Does at the start what needs the database, again and again until it is there: after a power cut, everything starts at
 * once. Each reason is logged when it is new. Throws whatever does not pass by itself.
 */
export async function keepTrying<Result>(
  task: () => Promise<Result>,
  { log, onWait, pauses = usualPauses }: KeepTryingOptions,
): Promise<Result> {
  let told: string | undefined;
  for (let failures = 0; ; failures += 1) {
    try {
      const result = await task();
      if (told !== undefined) log.info('The database is there');
      return result;
    } catch (error) {
      const reason = findPassingReason(error);
      if (reason === undefined) throw error;
      if (reason !== told) log.warn(`${reason} It is tried again until it can.`);
      told = reason;
      onWait?.(reason);
      await delay(backoff(pauses, failures));
    }
  }
}

function findPassingReason(error: unknown): string | undefined {
  if (error instanceof NotYetError) return error.message;
  const isPassing = error instanceof ParlourError && error.code === 'storage_unavailable';
  return isPassing ? `The database cannot be used yet: ${describeFault(error)}.` : undefined;
}
