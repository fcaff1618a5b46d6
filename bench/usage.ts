/** Microseconds of processor time; `near` is the node that is spoken to, `far` the other one, if there is one. */
export type Usage = { near: number; far: number; postgres: number; broker: number };
export type Measured = Usage & { seconds: number };
/** Microseconds of each process a second. */
export type Rates = Usage;

/** What every process has used while something was done. */
export async function measureUsage<Result>(
  read: () => Usage,
  work: () => Promise<Result>,
): Promise<{ used: Measured; result: Result }> {
  const [before, from] = [read(), performance.now()];
  const result = await work();
  const [after, seconds] = [read(), (performance.now() - from) / 1_000];
  return { used: { ...mapUsage(after, (value, name) => value - before[name]), seconds }, result };
}

export function toRates({ seconds, ...used }: Measured): Rates {
  return mapUsage(used, (value) => value / seconds);
}

/** What was used beyond what is used anyhow. */
export function without({ seconds, ...used }: Measured, idle: Rates): Measured {
  return { ...mapUsage(used, (value, name) => value - idle[name] * seconds), seconds };
}

function mapUsage(usage: Usage, change: (value: number, name: keyof Usage) => number): Usage {
  const names = Object.keys(usage) as (keyof Usage)[];
  return Object.fromEntries(names.map((name) => [name, change(usage[name], name)])) as Usage;
}
