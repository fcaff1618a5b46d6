const first = 100;
const most = 2_000;

/** Milliseconds before the next attempt: growing, and spread so that the nodes of a house do not come all at once. */
export function reconnectDelay(failures: number, random = Math.random()): number {
  const delay = Math.min(most, first * 2 ** failures);
  return delay * (0.5 + random / 2);
}
