import type { Surroundings } from './machine.ts';
import type { Result, Table } from './result.ts';
import { formatVerdict } from './verdict.ts';

/** What was run, with which options of its own, and what came of it. */
export type Run = { name: string; args: readonly string[]; result: Result; surroundings: Surroundings };

/** The whole result as a Markdown document beside whose file the plots lie. */
export function reportAsMarkdown({ name, args, result, surroundings }: Run): string {
  const { title, about, rounds, tables, verdicts, plots = [], versions = {}, faults = [] } = result;
  const machine = Object.entries({ ...surroundings, ...versions, ...(rounds && { Rounds: String(rounds) }) });
  const blocks = [
    `# ${title}`,
    `Written by \`npm run bench -- ${[name, ...args].join(' ')}\`; [docs/benchmarks.md](../../docs/benchmarks.md) says what everything means.`,
    ...about,
    ...faults.map((fault) => `**FAULT: ${fault}**`),
    ...tables.flatMap(formatBlocks),
    ...(verdicts.length === 0 ? [] : ['## Targets', formatRows([verdictHead, ...verdicts.map(formatVerdict)])]),
    ...plots.map((plot) => `![${plot.title}](${name}-${plot.name}.svg)`),
    '## Where it ran',
    formatRows([['what', ''], ...machine]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const verdictHead = ['of Parlour', 'target', 'measured (the rounds)', ''];

function formatBlocks({ title, rows, notes = [] }: Table): string[] {
  return [...(title === undefined ? [] : [`## ${title}`]), formatRows(rows), ...notes];
}

function formatRows([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const alignments = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(head), line(alignments), ...rows.map(line)].join('\n');
}
