import type { Surroundings } from './machine.ts';
import type { Result, Table } from './result.ts';
import { formatTable } from './table.ts';
import { formatVerdict } from './verdict.ts';

/** The whole result as lines for a terminal. */
export function reportToTerminal(result: Result, surroundings: Surroundings): string {
  const { title, about, rounds, tables, verdicts, versions = {}, faults = [] } = result;
  const machine = Object.entries({ ...surroundings, ...versions }).map(([name, value]) => `${name} ${value}`);
  return [
    title,
    ...about,
    machine.join('; '),
    ...(rounds === undefined ? [] : [`Rounds: ${rounds}`]),
    ...tables.map(reportTable),
    ...(verdicts.length === 0 ? [] : [formatVerdicts(result)]),
    ...faults.map((fault) => `FAULT: ${fault}`),
  ].join('\n\n');
}

function reportTable({ title, rows, notes = [] }: Table): string {
  return [...(title === undefined ? [] : [title]), formatTable(rows), ...notes].join('\n');
}

function formatVerdicts({ verdicts }: Result): string {
  return formatTable([['of Parlour', 'target', 'measured (the rounds)', ''], ...verdicts.map(formatVerdict)]);
}
