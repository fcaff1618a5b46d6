import { formatTable } from '../bench/report/table.ts';
import { columns } from './finding.ts';
import type { Outcome } from './run-fault.ts';

const shownColumns = columns.filter((column) => column !== 'late');

export function writeReport(outcomes: readonly Outcome[]): string {
  const head = ['fault', 'sent', 'acknowledged', 'lost', 'doubled', 'out of order', 'delivered without right'];
  return formatTable([[...head, 'longest silence', 'slowest revocation'], ...outcomes.map(writeRow)]);
}

function writeRow({ fault, sent, acknowledged, findings, silence, slowestRevocation }: Outcome): string[] {
  const counts = shownColumns.map((column) => findings.filter((finding) => finding.column === column).length);
  const seconds = `${(silence / 1_000).toFixed(1)} s`;
  return [fault, ...[sent, acknowledged, ...counts].map(String), seconds, `${Math.round(slowestRevocation)} ms`];
}
