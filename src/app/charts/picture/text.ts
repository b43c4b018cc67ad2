import { plainColour } from './colour.ts';
import { boxOf, type Box, type Origin } from './layout.ts';
import { svgElement } from './svg.ts';

/** One line of a text as the page has laid it out. */
interface Line {
  text: string;
  box: Box;
  /** White space that counts if anything follows it. */
  space: string;
}

/** The lines of a text node, each where it stands; as long as it is there, whatever font the reader's program has. */
export function paintText(node: Text, origin: Origin): { elements: SVGElement[]; boxes: Box[] } {
  const parent = node.parentElement!;
  const style = getComputedStyle(parent);
  const colour = plainColour(style.color);
  if (!colour) return { elements: [], boxes: [] };
  const ascent = ascentOf(style);
  const lines = linesOf(node, origin, edgeOf(parent, style, origin));
  const elements = lines.map(({ text, box }) =>
    withFigures(
      style,
      svgElement(
        'text',
        {
          x: style.direction === 'rtl' ? box.x + box.width : box.x,
          y: box.y + ascent,
          fill: colour.rgb,
          'fill-opacity': colour.opacity < 1 ? colour.opacity : undefined,
          ...fontOf(style),
          ...(style.direction === 'rtl' && { direction: 'rtl' }),
          textLength: box.width,
          lengthAdjust: 'spacingAndGlyphs',
        },
        [text],
      ),
    ),
  );
  return { elements, boxes: lines.map(({ box }) => box) };
}

/** What a text is set in, as SVG's attributes. */
export function fontOf(style: CSSStyleDeclaration): Record<string, string | undefined> {
  return {
    'font-family': style.fontFamily,
    'font-size': style.fontSize,
    'font-weight': style.fontWeight,
    'font-style': style.fontStyle === 'normal' ? undefined : style.fontStyle,
  };
}

/** Figures as wide as each other have no attribute in SVG, but a property. */
export function withFigures(style: CSSStyleDeclaration, text: SVGElement): SVGElement {
  if (style.fontVariantNumeric !== 'normal') text.style.fontVariantNumeric = style.fontVariantNumeric;
  return text;
}

/** Where a text is cut off that its element has no room for. */
function edgeOf(parent: Element, { overflowX }: CSSStyleDeclaration, { left }: Origin): number {
  const isCut = overflowX === 'hidden' || overflowX === 'clip';
  return isCut ? parent.getBoundingClientRect().right - left + 0.5 : Infinity;
}

function linesOf(node: Text, origin: Origin, edge: number): Line[] {
  const lines: Line[] = [];
  const range = document.createRange();
  let at = 0;
  for (const sign of node.data) {
    range.setStart(node, at);
    range.setEnd(node, (at += sign.length));
    const rect = range.getBoundingClientRect();
    // White space that is collapsed has no width.
    if (rect.width === 0 && rect.height === 0) continue;
    const box = boxOf(rect, origin);
    const last = lines.at(-1);
    const isNext = !last || Math.abs(last.box.y - box.y) >= box.height / 2;
    if (box.x + box.width > edge) {
      if (!isNext) last.text = last.text.replace(/.$/u, '…');
      break;
    }
    // SVG leaves out white space around a text, so it is not measured either.
    if (/^[ \t\r\n\f]$/.test(sign)) {
      if (!isNext) last.space = ' ';
    } else if (isNext) lines.push({ text: sign, box, space: '' });
    else extend(last, sign, box);
  }
  return lines;
}

function extend(line: Line, sign: string, { x, width }: Box): void {
  const { box } = line;
  const right = Math.max(box.x + box.width, x + width);
  line.text += line.space + sign;
  line.space = '';
  box.x = Math.min(box.x, x);
  box.width = right - box.x;
}

let measuring: CanvasRenderingContext2D | null = null;

/** From the top of a line's box to its baseline. */
function ascentOf({ fontStyle, fontWeight, fontSize, fontFamily }: CSSStyleDeclaration): number {
  measuring ??= document.createElement('canvas').getContext('2d')!;
  measuring.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
  return measuring.measureText('x').fontBoundingBoxAscent;
}
