import { plainColour } from './colour.ts';
import type { Box } from './layout.ts';
import { svgElement, type Attributes } from './svg.ts';
import { fontOf, withFigures } from './text.ts';

/** What a picture is drawn with; anything else (a script, a link, an image from elsewhere) stays behind. */
const SHAPES = new Set([
  'g',
  'path',
  'line',
  'rect',
  'circle',
  'ellipse',
  'polyline',
  'polygon',
  'text',
  'tspan',
]);
const GEOMETRY = [
  'x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'rx', 'ry', 'd', 'points', 'width', 'height', 'dx', 'dy',
]; // prettier-ignore
const STROKE = [
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'paint-order',
] as const;
/** What need not be said. */
const INITIAL: Readonly<Record<string, string>> = {
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'paint-order': 'normal',
  'text-anchor': 'start',
  'dominant-baseline': 'auto',
};

/** A copy of an SVG on the page that needs no style sheet: everything that CSS says of it stands in its attributes. */
export function copyDrawing(svg: SVGSVGElement, box: Box): SVGElement {
  return svgElement(
    'svg',
    { ...box, viewBox: svg.getAttribute('viewBox') ?? `0 0 ${box.width} ${box.height}`, overflow: getComputedStyle(svg).overflow },
    copyChildren(svg),
  ); // prettier-ignore
}

function copyChildren(parent: Element): (Node | string)[] {
  return [...parent.childNodes].flatMap((child): (Node | string)[] => {
    if (child instanceof SVGElement) return copyShape(child);
    return child instanceof Text && parent.closest('text') ? [child.data] : [];
  });
}

function copyShape(shape: SVGElement): Node[] {
  const style = getComputedStyle(shape);
  if (!SHAPES.has(shape.localName) || style.display === 'none' || style.visibility === 'hidden') return [];
  const geometry = Object.fromEntries(GEOMETRY.map((name) => [name, shape.getAttribute(name)]));
  const isText = shape instanceof SVGTextContentElement;
  const attributes: Attributes = {
    ...geometry,
    transform: style.transform === 'none' ? null : style.transform,
    opacity: style.opacity === '1' ? null : style.opacity,
    ...(shape.localName === 'g' ? {} : paintOf(style)),
    ...(isText ? textOf(shape, style) : {}),
  };
  const copy = svgElement(shape.localName, attributes, copyChildren(shape));
  return [isText ? withFigures(style, copy) : copy];
}

function paintOf(style: CSSStyleDeclaration): Attributes {
  const fill = plainColour(style.fill);
  const stroke = plainColour(style.stroke);
  const lines = STROKE.map((name) => [name, style.getPropertyValue(name).replace(/px/g, '')] as const);
  return {
    fill: fill?.rgb ?? 'none',
    'fill-opacity': opacityOf(fill?.opacity, style.fillOpacity),
    ...(stroke && {
      stroke: stroke.rgb,
      'stroke-opacity': opacityOf(stroke.opacity, style.strokeOpacity),
      ...Object.fromEntries(lines.filter(([name, value]) => value !== INITIAL[name])),
    }),
  };
}

function opacityOf(ofColour = 1, given: string): number | null {
  const opacity = ofColour * Number(given);
  return opacity === 1 ? null : opacity;
}

/** As long as it is on the page, in whatever font it is set where the page's is missing. */
function textOf(shape: SVGTextContentElement, style: CSSStyleDeclaration): Attributes {
  const own = ['text-anchor', 'dominant-baseline'].map(
    (name) => [name, style.getPropertyValue(name)] as const,
  );
  const decorated = style.textDecorationLine === 'none' ? null : style.textDecorationLine;
  const length = shape.childElementCount === 0 ? shape.getComputedTextLength() : 0;
  return {
    ...fontOf(style),
    ...Object.fromEntries(own.filter(([name, value]) => value !== INITIAL[name])),
    'text-decoration': decorated,
    ...(length > 0 && { textLength: length, lengthAdjust: 'spacingAndGlyphs' }),
  };
}
