import { parseArgs } from 'node:util';

/** Numbers of the command line, each with a default; throws on what is no number above zero, or not named here. */
export function readNumbers<Name extends string>(
  args: readonly string[],
  defaults: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const names = Object.keys(defaults) as Name[];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options });
  const read = (name: Name) => Number(values[name] ?? defaults[name]);
  const wrong = names.find((name) => !(read(name) > 0));
  if (wrong !== undefined) throw new Error(`--${wrong} takes a number above zero.`);
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Record<Name, number>;
}

/** The same as one writes them, with their defaults. */
export function describeNumbers(defaults: Readonly<Record<string, number>>): string {
  return Object.entries(defaults)
    .map(([name, value]) => `[--${name} ${value}]`)
    .join(' ');
}
