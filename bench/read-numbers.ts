import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.ts';

/** What may have a fraction; all others are counts. */
const fractional = ['seconds'];

/** Numbers of the command line, each with a default; throws on what is no number above zero, or not named here. */
export function readNumbers<Name extends string>(
  args: readonly string[],
  defaults: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const names = Object.keys(defaults) as Name[];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const values = readOptions(() => parseArgs({ args: [...args], options }).values) as Partial<Record<Name, string>>;
  return Object.fromEntries(
    names.map((name) => [name, values[name] === undefined ? defaults[name] : readNumber(name, values[name])]),
  ) as Record<Name, number>;
}

function readNumber(name: string, text: string): number {
  const number = Number(text);
  if (fractional.includes(name) ? number > 0 && Number.isFinite(number) : number > 0 && Number.isSafeInteger(number))
    return number;
  throw new UsageError(
    `--${name} takes a ${fractional.includes(name) ? '' : 'whole '}number above zero, not “${text}”.`,
  );
}

/** What Node's parser refuses is told as what else is refused. */
export function readOptions<Values>(parse: () => Values): Values {
  try {
    return parse();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The same as one writes them, with their defaults. */
export function describeNumbers(defaults: Readonly<Record<string, number>>): string {
  return Object.entries(defaults)
    .map(([name, value]) => `[--${name} ${value}]`)
    .join(' ');
}
