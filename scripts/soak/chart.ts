import { scaleLinear } from 'd3-scale';
import { MEASURES, type MeasureName } from './measures.ts';
import type { Sample } from './sampler.ts';

const WIDTH = 320;
const HEIGHT = 130;
const COLUMNS = 3;
const PAD = { left: 12, right: 12, top: 40, bottom: 24 };
const INK = '#333';
const LINE = '#2458b3';

export function inUnits(name: MeasureName, value: number): string {
  return MEASURES[name].unit === 'bytes' ? `${(value / 1e6).toFixed(2)} MB` : String(Math.round(value));
}

/** A small picture for each measure, each from zero: what is flat looks flat. */
export function chartsSvg(samples: readonly Sample[], names: readonly MeasureName[], each: string): string {
  const rows = Math.ceil(names.length / COLUMNS);
  const [width, height] = [WIDTH * COLUMNS, HEIGHT * rows];
  const parts = names.map((name, i) => {
    const [x, y] = [WIDTH * (i % COLUMNS), HEIGHT * Math.floor(i / COLUMNS)];
    return `<g transform="translate(${x} ${y})">\n${chart(samples, name, each)}\n</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="${width}" height="${height}" fill="#fff"/>
${parts.join('\n')}
</svg>
`;
}

function chart(samples: readonly Sample[], name: MeasureName, each: string): string {
  const values = samples.map((sample) => sample.values[name]!);
  const x = scaleLinear([1, Math.max(2, values.length)], [PAD.left, WIDTH - PAD.right]);
  const y = scaleLinear([Math.min(0, ...values), Math.max(1, ...values)], [HEIGHT - PAD.bottom, PAD.top]);
  const places = values.map((value, i) => `${x(i + 1).toFixed(1)} ${y(value).toFixed(1)}`);
  const [left, right, base] = [PAD.left, WIDTH - PAD.right, HEIGHT - PAD.bottom];
  return [
    `<text x="${left}" y="16" fill="${INK}">${MEASURES[name].title}</text>`,
    `<text x="${left}" y="32" fill="${LINE}">${inUnits(name, values[0]!)} → ${inUnits(name, values.at(-1)!)}</text>`,
    `<path d="M${left} ${y(0).toFixed(1)}H${right}" stroke="#999"/>`,
    `<text x="${left}" y="${base + 16}" fill="${INK}">1</text>`,
    `<text x="${right}" y="${base + 16}" text-anchor="end" fill="${INK}">${each} ${values.length}</text>`,
    `<path d="M${places.join('L')}" fill="none" stroke="${LINE}" stroke-width="1.5"/>`,
  ].join('\n');
}
