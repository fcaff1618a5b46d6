import { ParlourError } from '@parlour/protocol/errors';
import { describeFault } from './database/describe-fault.ts';
import type { Log } from './log.ts';

/** Milliseconds in which the same failure of the database is told once: many parts meet it, several times a second. */
const quiet = 60_000;
/** Reasons that are remembered at a time. */
const kept = 100;

/** Logs what fails where nobody waits for an answer. */
export function logBackgroundErrors(log: Log, now = () => performance.now()): (error: unknown) => void {
  const toldAt = new Map<string, number>();
  return (error) => {
    if (error instanceof ParlourError && error.code === 'storage_unavailable') {
      const reason = describeFault(error);
      if (now() - (toldAt.get(reason) ?? Number.NEGATIVE_INFINITY) < quiet) return;
      if (toldAt.size >= kept) toldAt.clear();
      toldAt.set(reason, now());
    }
    log.error('Something failed in the background', { cause: error });
  };
}
