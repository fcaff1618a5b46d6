export type Backoff = { first: number; most: number };

/** Milliseconds before the next attempt: growing, and spread so that the nodes of a house do not come all at once. */
export function backoff({ first, most }: Backoff, failures: number, random = Math.random()): number {
  const delay = Math.min(most, first * 2 ** failures);
  return delay * (0.5 + random / 2);
}
