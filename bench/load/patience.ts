import { setTimeout } from 'node:timers/promises';

/** Milliseconds that a server may be late with what was sent to it, before that counts as lost. */
const patience = 20_000;

/** Waits for the end of something that should last so many milliseconds, and says what is missing if it never comes. */
export async function awaitPatiently(end: Promise<void>, milliseconds: number, describe: () => string): Promise<void> {
  const cancel = new AbortController();
  const late = setTimeout(milliseconds + patience, 'late', { signal: cancel.signal }).catch(() => undefined);
  const first = await Promise.race([end, late]);
  cancel.abort();
  if (first === 'late') throw new Error(describe());
}
