import { scaleLinear, scaleLog, type ScaleContinuousNumeric } from 'd3-scale';
import type { Growth, GrowthPoint } from './growth.ts';

const WIDTH = 640;
const HEIGHT = 300;
const LEFT = 64;
const RIGHT = 64;
const TOP = 28;
const BOTTOM = 44;
const SPEED = '#2458b3';
const MEMORY = '#b35a24';

type Scale = ScaleContinuousNumeric<number, number>;

export const chartFile = ({ axis }: Growth): string => `speed-${axis}.svg`;

/** Tokens per second (left, blue) and memory (right, orange, dashed) against what grows, on a logarithmic axis. */
export function chartSvg({ axis, points }: Growth): string {
  const xs = points.map(({ x }) => x);
  const x = scaleLog([Math.min(...xs), Math.max(...xs)], [LEFT, WIDTH - RIGHT]).base(2);
  const speed = upTo(Math.max(...points.map(({ tokensPerSecond }) => tokensPerSecond)));
  const memory = upTo(Math.max(1, ...points.map(({ megabytes }) => megabytes ?? 0)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${xs.map((value) => text(x(value), HEIGHT - BOTTOM + 18, String(value), 'middle')).join('\n')}
${text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, axis, 'middle')}
${verticalAxis(speed, LEFT, 'end', SPEED)}
${text(LEFT, 16, 'tokens/s', 'middle', SPEED)}
${verticalAxis(memory, WIDTH - RIGHT, 'start', MEMORY)}
${text(WIDTH - RIGHT, 16, 'memory, MB', 'middle', MEMORY)}
${line(points, (point) => [x(point.x), speed(point.tokensPerSecond)], SPEED)}
${line(
  points.filter(({ megabytes }) => megabytes !== null),
  (point) => [x(point.x), memory(point.megabytes ?? 0)],
  MEMORY,
  'stroke-dasharray="4 3"',
)}
</svg>
`;
}

const upTo = (most: number): Scale => scaleLinear([0, most], [HEIGHT - BOTTOM, TOP]).nice();

const text = (x: number, y: number, label: string, anchor: string, fill = '#333'): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${fill}">${label}</text>`;

function verticalAxis(scale: Scale, at: number, anchor: 'start' | 'end', colour: string): string {
  const gap = anchor === 'end' ? -6 : 6;
  const ticks = scale
    .ticks(5)
    .map((tick) => text(at + gap, scale(tick) + 4, tick.toLocaleString('en-US'), anchor, colour));
  return `<path d="M${at} ${TOP}V${HEIGHT - BOTTOM}" stroke="${colour}"/>\n${ticks.join('\n')}`;
}

function line(
  points: GrowthPoint[],
  place: (point: GrowthPoint) => [number, number],
  colour: string,
  style = '',
): string {
  const places = points.map((point) => place(point).map((value) => value.toFixed(1)));
  const dots = places.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" fill="${colour}"/>`);
  const path = `<path d="M${places.map((one) => one.join(' ')).join('L')}" fill="none" stroke="${colour}" ${style}/>`;
  return places.length === 0 ? '' : [path, ...dots].join('\n');
}
