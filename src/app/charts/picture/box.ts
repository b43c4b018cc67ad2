import { plainColour } from './colour.ts';
import { gradientOf } from './gradient.ts';
import type { Box } from './layout.ts';
import { svgElement } from './svg.ts';

const SIDES = ['top', 'right', 'bottom', 'left'] as const;
type Side = (typeof SIDES)[number];

/** A box's ground and its borders. `nextId` names gradients. */
export function paintBox(style: CSSStyleDeclaration, box: Box, nextId: () => string): SVGElement[] {
  return [...ground(style, box, nextId), ...borders(style, box), ...rings(style, box)];
}

function ground(style: CSSStyleDeclaration, box: Box, nextId: () => string): SVGElement[] {
  const colour = plainColour(style.backgroundColor);
  const radius = radiusOf(style, box);
  const rect = (fill: string, opacity?: number) =>
    svgElement('rect', { ...box, rx: radius || undefined, fill, 'fill-opacity': opacity });
  const elements = colour ? [rect(colour.rgb, colour.opacity < 1 ? colour.opacity : undefined)] : [];
  const id = nextId();
  const gradient = style.backgroundImage === 'none' ? null : gradientOf(style.backgroundImage, box, id);
  return gradient ? [...elements, gradient, rect(`url(#${id})`)] : elements;
}

function radiusOf({ borderTopLeftRadius }: CSSStyleDeclaration, { width, height }: Box): number {
  const radius = parseFloat(borderTopLeftRadius) || 0;
  const shorter = Math.min(width, height);
  return Math.min(shorter / 2, borderTopLeftRadius.endsWith('%') ? (radius / 100) * shorter : radius);
}

interface Border {
  width: number;
  colour: string;
  dash: string | undefined;
}

function borderOf(style: CSSStyleDeclaration, side: Side): Border | null {
  const width = parseFloat(style.getPropertyValue(`border-${side}-width`));
  const kind = style.getPropertyValue(`border-${side}-style`);
  const colour = plainColour(style.getPropertyValue(`border-${side}-color`));
  if (!(width > 0) || !colour || kind === 'none' || kind === 'hidden') return null;
  return { width, colour: colour.rgb, dash: dashOf(kind, width) };
}

function dashOf(kind: string, width: number): string | undefined {
  if (kind === 'dashed') return `${2 * width} ${2 * width}`;
  return kind === 'dotted' ? `${width} ${width}` : undefined;
}

/** One rectangle where all four sides are the same, else a line for each side that there is. */
function borders(style: CSSStyleDeclaration, box: Box): SVGElement[] {
  const found = SIDES.map((side) => borderOf(style, side));
  const [first] = found;
  if (first && found.every((one) => JSON.stringify(one) === JSON.stringify(first)))
    return [frame(box, radiusOf(style, box), first)];
  return SIDES.flatMap((side, i) => (found[i] ? [sideLine(side, box, found[i])] : []));
}

/** Borders lie inside the box. */
function frame({ x, y, width, height }: Box, radius: number, border: Border): SVGElement {
  const half = border.width / 2;
  return svgElement('rect', {
    x: x + half,
    y: y + half,
    width: Math.max(0, width - border.width),
    height: Math.max(0, height - border.width),
    rx: Math.max(0, radius - half) || undefined,
    fill: 'none',
    ...strokeOf(border),
  });
}

function sideLine(side: Side, { x, y, width, height }: Box, border: Border): SVGElement {
  const half = border.width / 2;
  const [right, bottom] = [x + width, y + height];
  const ends = {
    top: { x1: x, x2: right, y1: y + half, y2: y + half },
    bottom: { x1: x, x2: right, y1: bottom - half, y2: bottom - half },
    left: { x1: x + half, x2: x + half, y1: y, y2: bottom },
    right: { x1: right - half, x2: right - half, y1: y, y2: bottom },
  };
  return svgElement('line', { ...ends[side], ...strokeOf(border) });
}

const strokeOf = ({ width, colour, dash }: Border) => ({
  stroke: colour,
  'stroke-width': width,
  'stroke-dasharray': dash,
});

/** An outline that lies inside, or an inset shadow without blur: both are drawn as a line within the box. */
function rings(style: CSSStyleDeclaration, box: Box): SVGElement[] {
  const outline = parseFloat(style.outlineWidth);
  const drawsOutline = style.outlineStyle === 'solid' && outline > 0 && parseFloat(style.outlineOffset) < 0;
  const [, shadow, spread] = /^(.*\)) 0px 0px 0px ([\d.]+)px inset$/.exec(style.boxShadow) ?? [];
  const lines = [
    ...(drawsOutline ? [{ width: outline, colour: plainColour(style.outlineColor) }] : []),
    ...(shadow ? [{ width: Number(spread), colour: plainColour(shadow) }] : []),
  ];
  return lines.flatMap(({ width, colour }) =>
    colour ? [frame(box, radiusOf(style, box), { width, colour: colour.rgb, dash: undefined })] : [],
  );
}
