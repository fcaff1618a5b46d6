import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** What this process still needs, after garbage was collected. */
export function heldBytes(): number {
  collectGarbage();
  // What of it were buffers, another thread takes off the account, at the latest before the next collection.
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
