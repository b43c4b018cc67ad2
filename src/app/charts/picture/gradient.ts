import { plainColour } from './colour.ts';
import type { Box } from './layout.ts';
import { svgElement } from './svg.ts';

interface Stop {
  colour: string;
  /** CSS pixels along the gradient line. */
  at: number;
}

/**
 * A CSS `linear-gradient()` or `repeating-linear-gradient()`, as it is computed, as one of SVG; null for anything else.
 * Hatched bars, dashed lines and whiskers are drawn with these.
 * @see https://www.w3.org/TR/css-images-3/#linear-gradient-syntax for the length of the gradient line
 */
export function gradientOf(image: string, box: Box, id: string): SVGElement | null {
  const [, repeating, inside] = /^(repeating-)?linear-gradient\((.*)\)$/.exec(image) ?? [];
  if (inside === undefined) return null;
  const parts = commaSeparated(inside);
  const angle = /^(-?[\d.]+)deg$/.exec(parts[0] ?? '')?.[1];
  const radians = ((angle === undefined ? 180 : Number(angle)) * Math.PI) / 180;
  const along = { x: Math.sin(radians), y: -Math.cos(radians) };
  const length = Math.abs(box.width * along.x) + Math.abs(box.height * along.y);
  const stops = stopsOf(angle === undefined ? parts : parts.slice(1), length);
  const end = repeating ? Math.max(...stops.map(({ at }) => at)) : length;
  if (!(end > 0)) return null;
  const start = {
    x: box.x + box.width / 2 - (along.x * length) / 2,
    y: box.y + box.height / 2 - (along.y * length) / 2,
  };
  return svgElement(
    'linearGradient',
    {
      id,
      gradientUnits: 'userSpaceOnUse',
      spreadMethod: repeating ? 'repeat' : undefined,
      x1: start.x,
      y1: start.y,
      x2: start.x + along.x * end,
      y2: start.y + along.y * end,
    },
    stops.map((stop) => stopElement(stop, end)),
  );
}

function stopElement({ colour, at }: Stop, end: number): SVGElement {
  const plain = plainColour(colour);
  return svgElement('stop', {
    offset: String(at / end),
    'stop-color': plain?.rgb ?? 'rgb(255, 255, 255)',
    'stop-opacity': plain ? plain.opacity : 0,
  });
}

/** Stops with a place; one with two places is two. Places that are left out are not used by our charts. */
function stopsOf(parts: readonly string[], length: number): Stop[] {
  return parts.flatMap((part) => {
    const [, colour, places] = /^(.*?\)|[a-z]+)\s+(.+)$/.exec(part) ?? [];
    if (colour === undefined || places === undefined) return [];
    return spaceSeparated(places).map((place) => ({ colour, at: pixels(place, length) }));
  });
}

/** "4px", "50%" or "calc(50% - 2px)" in pixels. */
function pixels(place: string, length: number): number {
  const terms = place.replace(/^calc\(|\)$/g, '').matchAll(/([+-]?)\s*(-?[\d.]+)(px|%)/g);
  return [...terms].reduce((sum, [, sign, value, unit]) => {
    const size = unit === '%' ? (Number(value) / 100) * length : Number(value);
    return sign === '-' ? sum - size : sum + size;
  }, 0);
}

const commaSeparated = (text: string) => split(text, ',');
const spaceSeparated = (text: string) => split(text, ' ');

/** Splits outside of parentheses. */
function split(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const sign of text) {
    if (sign === '(') depth++;
    if (sign === ')') depth--;
    if (sign === separator && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${sign}`);
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
