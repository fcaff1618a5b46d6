import type { Plot, Point, Series } from './result.ts';
import { type Ruler, scaleAxis } from './scale-axis.ts';
import { formatFigure } from './verdict.ts';

const [width, height] = [760, 420];
/** Around the field in which the lines are; the legend stands to the right of it. */
const margin = { top: 48, right: 230, bottom: 60, left: 76 };
const field = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
const legendLine = 22;

// It has a background of its own, so that it can be read on any page, and follows the reader's choice of dark or light.
// The colours are told apart by the colour-blind (Okabe and Ito), and each line is dashed in its own way.
const style = `
  svg { --paper: #ffffff; --ink: #1f2328; --grid: #d1d9e0; font: 13px system-ui, sans-serif; }
  svg { --c0: #0072b2; --c1: #d55e00; --c2: #008060; --c3: #a8437c; --c4: #8a6d00; --c5: #4a5568; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #0d1117; --ink: #e6edf3; --grid: #3d444d; }
    svg { --c0: #56b4e9; --c1: #ff8c42; --c2: #2fd3a5; --c3: #e79ac6; --c4: #f0e442; --c5: #b1bac4; }
  }
  .paper { fill: var(--paper); } text { fill: var(--ink); } .title { font-size: 15px; font-weight: 600; }
  .grid { stroke: var(--grid); } .line { fill: none; stroke-width: 2; }`;
const colours = 6;
const dashes = ['', '7 3', '2 3', '9 3 2 3', '12 4', '4 4'];

/** A plot as an SVG document of its own. */
export function drawPlot(plot: Plot): string {
  const points = plot.series.flatMap((series) => series.points);
  const x = scaleAxis(plot.x, uniqueNumbers(points, 'x'));
  const y = scaleAxis(plot.y, uniqueNumbers(points, 'y'));
  const name = escapeText(plot.title);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${name}">`,
    `<style>${style}\n</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    `<text class="title" x="${margin.left}" y="26">${name}</text>`,
    ...x.ticks.map((tick) => drawTick(across(x.place(tick)), margin.top + field.height + 20, tick, 'middle')),
    ...y.ticks.flatMap((tick) => drawLevel(down(y.place(tick)), tick)),
    drawAxisTitle(plot.x.title, margin.left + field.width / 2, height - 14),
    drawAxisTitle(plot.y.title, 20, margin.top + field.height / 2, -90),
    ...plot.series.flatMap((series, i) => drawSeries(series, i, x, y)),
    '</svg>',
    '',
  ].join('\n');
}

function uniqueNumbers(points: readonly Point[], name: keyof Point): number[] {
  return [...new Set(points.map((point) => point[name]))];
}

const across = (share: number) => margin.left + share * field.width;
const down = (share: number) => margin.top + (1 - share) * field.height;
const round = (value: number) => Number(value.toFixed(1));

function drawTick(x: number, y: number, value: number, anchor: string): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${formatFigure(value)}</text>`;
}

function drawLevel(y: number, value: number): string[] {
  const line = `<path class="grid" d="M${margin.left} ${round(y)}h${field.width}"/>`;
  return [line, drawTick(margin.left - 8, y + 4, value, 'end')];
}

function drawAxisTitle(title: string, x: number, y: number, angle = 0): string {
  const turn = angle === 0 ? '' : ` transform="rotate(${angle} ${x} ${y})"`;
  return `<text x="${x}" y="${y}" text-anchor="middle"${turn}>${escapeText(title)}</text>`;
}

function drawSeries({ name, points, look }: Series, index: number, x: Ruler, y: Ruler): string[] {
  const places = points.map((point) => [across(x.place(point.x)), down(y.place(point.y))] as const);
  const kind = look ?? index;
  const colour = `var(--c${kind % colours})`;
  const line = places.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${round(px)} ${round(py)}`).join('');
  const dash = dashes[kind % dashes.length];
  const stroke = `stroke="${colour}" stroke-dasharray="${dash}"`;
  const [legendX, legendY] = [width - margin.right + 20, margin.top + 8 + index * legendLine];
  return [
    `<path class="line" ${stroke} d="${line}"/>`,
    ...places.map(([px, py]) => `<circle cx="${round(px)}" cy="${round(py)}" r="3.5" fill="${colour}"/>`),
    `<path class="line" ${stroke} d="M${legendX} ${legendY}h26"/>`,
    `<circle cx="${legendX + 13}" cy="${legendY}" r="3.5" fill="${colour}"/>`,
    `<text x="${legendX + 34}" y="${legendY + 4}">${escapeText(name)}</text>`,
  ];
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
