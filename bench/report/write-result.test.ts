import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Result } from './result.ts';
import { reportToTerminal } from './terminal-report.ts';
import { writeResult } from './write-result.ts';

const result: Result = {
  title: 'Fan-out',
  about: ['One room.'],
  rounds: 7,
  tables: [
    {
      title: '1 in flight',
      rows: [
        ['server', 'CPU'],
        ['a | b', '4 µs'],
      ],
      notes: ['As it is.'],
    },
  ],
  verdicts: [{ what: 'CPU of ws', bound: 'at most', target: 1, measured: 1.2 }],
  plots: [
    {
      name: 'rounds',
      title: 'Rounds',
      x: { title: 'round' },
      y: { title: 'µs' },
      series: [{ name: 'ws', points: [] }],
    },
  ],
  versions: { 'Socket.IO': '4.8' },
  faults: ['a message was lost'],
};

test('a result is kept as Markdown with its plots beside it, in place of those from before', () => {
  const folder = mkdtempSync(join(tmpdir(), 'results-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'fanout-old.svg'), '');
  writeFileSync(join(folder, 'other-rounds.svg'), '');
  writeResult(folder, { name: 'fanout', args: ['--rounds', '7'], result, surroundings: { Kernel: 'Linux 6' } });
  expect(readdirSync(folder).sort()).toEqual(['fanout-rounds.svg', 'fanout.md', 'other-rounds.svg']);
  const markdown = readFileSync(join(folder, 'fanout.md'), 'utf8');
  expect(markdown.split('\n')).toEqual(
    expect.arrayContaining([
      '# Fan-out',
      expect.stringMatching(/^Written by `npm run bench -- fanout --rounds 7`; /),
      '**FAULT: a message was lost**',
      '## 1 in flight',
      '| server | CPU |',
      '| --- | ---: |',
      '| a \\| b | 4 µs |',
      'As it is.',
      '| CPU of ws | at most 1 | 1.2 | MISSED |',
      '![Rounds](fanout-rounds.svg)',
      '| Kernel | Linux 6 |',
      '| Socket.IO | 4.8 |',
      '| Rounds | 7 |',
    ]),
  );
});

test('a terminal shows the same, lined up', () => {
  const text = reportToTerminal(result, { Kernel: 'Linux 6' });
  expect(text).toContain('1 in flight\nserver   CPU\na | b   4 µs\nAs it is.');
  expect(text).toMatch(/CPU of ws +at most 1 +1\.2 {2}MISSED/);
  expect(text).toContain('Kernel Linux 6; Socket.IO 4.8');
  expect(text).toContain('FAULT: a message was lost');
});
