/** Per cent from which on the load generator, which has one thread, sets the pace, and not the server. */
const limit = 90;

const toPercent = (share: number) => Math.round(share * 100);

/** How much of the time the load generator was busy, and in words when it was what limited the figures. */
export function formatLoadShare(share: number): string {
  const percent = toPercent(share);
  return percent < limit ? `${percent} %` : `${percent} %, the limit`;
}

/** What to make of a table of which some rows were limited by the load generator. */
export function noteLoadLimit(shares: readonly number[]): string[] {
  if (shares.every((share) => toPercent(share) < limit)) return [];
  return ['Where the load generator was the limit, rates and latencies say little of the server; processor time does.'];
}
