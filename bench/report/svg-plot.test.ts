import { expect, test } from 'vitest';
import type { Plot } from './result.ts';
import { scaleAxis } from './scale-axis.ts';
import { drawPlot } from './svg-plot.ts';

const plot: Plot = {
  name: 'sockets',
  title: 'A delivery & its <cost>',
  x: { title: 'sockets', isLogarithmic: true },
  y: { title: 'server CPU a delivery (µs)' },
  series: [
    {
      name: 'Parlour',
      points: [
        { x: 100, y: 4 },
        { x: 1_000, y: 5 },
        { x: 10_000, y: 4.5 },
      ],
    },
    { name: 'others', points: [{ x: 100, y: 9 }] },
  ],
};

test('a plot names its axes, its values and its series, with a mark for each point and legend', () => {
  const svg = drawPlot(plot);
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*<\/svg>\n$/s);
  for (const text of ['sockets', 'server CPU a delivery (µs)', '100', '1,000', '10,000', 'Parlour', 'others'])
    expect(svg).toContain(`>${text}</text>`);
  expect(svg.match(/<circle/g)).toHaveLength(4 + 2);
  expect(svg).toContain('A delivery &amp; its &lt;cost>');
  expect(svg).toContain('prefers-color-scheme: dark');
});

test('a logarithmic axis has a step for each decade, a linear one begins at zero', () => {
  const decades = scaleAxis({ title: '', isLogarithmic: true }, [100, 10_000]);
  expect(decades.ticks).toEqual([100, 1_000, 10_000]);
  expect(decades.place(1_000)).toBeCloseTo(0.5);
  const linear = scaleAxis({ title: '' }, [3, 9]);
  expect(linear.ticks).toEqual([0, 2, 4, 6, 8, 10]);
  expect(linear.place(9)).toBeCloseTo(0.9);
});

test('an axis of rounds names each of them, and nothing beside them', () => {
  const { ticks, place } = scaleAxis({ title: '', isCount: true }, [1, 2, 3]);
  expect(ticks).toEqual([1, 2, 3]);
  expect([1, 2, 3].map(place)).toEqual([1 / 6, 1 / 2, 5 / 6]);
});

test('a server looks the same in whichever plot it is', () => {
  const [parlour, others] = plot.series.map((series, i) => ({ ...series, look: 5 - i }));
  const lineOf = (svg: string) => svg.match(/stroke="var\(--c5\)" stroke-dasharray="[^"]*"/g);
  const both = drawPlot({ ...plot, series: [parlour, others].filter((series) => series !== undefined) });
  const alone = drawPlot({ ...plot, series: [others, parlour].filter((series) => series !== undefined) });
  expect(lineOf(both)).toEqual(lineOf(alone));
  expect(lineOf(both)).toHaveLength(2);
});

test('an axis of one value has room for it', () => {
  const { ticks, place } = scaleAxis({ title: '', isLogarithmic: true }, [200]);
  expect(ticks).toEqual([100, 1_000]);
  expect(place(200)).toBeGreaterThan(0);
  expect(scaleAxis({ title: '' }, [0]).ticks[0]).toBe(0);
});
