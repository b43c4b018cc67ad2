import { paintBox } from './box.ts';
import { plainColour } from './colour.ts';
import { copyDrawing } from './drawing.ts';
import { around, boxOf, type Box, type Origin } from './layout.ts';
import { svgElement } from './svg.ts';
import { paintText } from './text.ts';

export interface PictureWords {
  title: string;
  /** The picture in a sentence. */
  summary: string;
}

/** White space around the picture, in CSS pixels. */
const MARGIN = 16;

/** What stands on the page for pointer and keyboard alone is marked with this attribute and left out of pictures. */
const LEFT_OUT = '[data-not-in-picture], .visually-hidden';

/**
 * A picture of the page as an SVG of its own, as it is laid out there: charts, legends and tables of cells alike, with
 * colours, type and places written into the elements. Nothing in it refers to anything outside, and nothing in it runs.
 * `foreignObject` would be shorter, but few programs draw it, and browsers refuse to turn it into pixels.
 *
 * It is light on white, whatever theme the page has: pictures go onto slides and paper. A report asks for the dark one as
 * well, and shows the one that fits.
 */
export function paintPicture(
  element: HTMLElement,
  { title, summary }: PictureWords,
  scheme: 'light' | 'dark' = 'light',
): SVGElement {
  // Tokens are declared again where `data-scheme` stands (theme.css); ink is inherited, so it is named again. All is put
  // back before the browser draws anything.
  const { color } = element.style;
  element.dataset['scheme'] = scheme;
  element.style.color = 'var(--ink)';
  try {
    const painting = new Painting(element.getBoundingClientRect());
    painting.paint(element);
    return painting.finish({ title, summary }, paperOf(element));
  } finally {
    delete element.dataset['scheme'];
    element.style.color = color;
  }
}

/** The ground of panels, which pictures stand on. */
function paperOf(element: HTMLElement): string {
  const { style } = element;
  const before = style.backgroundColor;
  style.backgroundColor = 'var(--surface)';
  const paper = plainColour(getComputedStyle(element).backgroundColor)?.rgb ?? 'rgb(255, 255, 255)';
  style.backgroundColor = before;
  return paper;
}

let pictures = 0;

class Painting {
  readonly #elements: SVGElement[] = [];
  readonly #boxes: Box[] = [];
  readonly #origin: Origin;
  readonly #name = `p${++pictures}`;
  #gradients = 0;

  constructor(place: DOMRect) {
    this.#origin = place;
    this.#boxes.push(boxOf(place, place));
  }

  paint(element: Element, into = this.#elements): void {
    const style = getComputedStyle(element);
    if (element.matches(LEFT_OUT) || style.display === 'none') return;
    const opacity = Number(style.opacity);
    const target = opacity < 1 ? [] : into;
    if (element instanceof SVGSVGElement) this.#copy(element, target);
    else this.#paintHtml(element, style, target);
    if (opacity < 1 && target.length > 0) into.push(svgElement('g', { opacity }, target));
  }

  #copy(svg: SVGSVGElement, into: SVGElement[]): void {
    const box = boxOf(svg.getBoundingClientRect(), this.#origin);
    this.#boxes.push(box);
    into.push(copyDrawing(svg, box));
  }

  #paintHtml(element: Element, style: CSSStyleDeclaration, into: SVGElement[]): void {
    const rect = element.getBoundingClientRect();
    if (rect.width > 0 && rect.height > 0 && style.visibility !== 'hidden')
      into.push(...this.#boxOf(element, style, boxOf(rect, this.#origin)));
    const window = scrolls(style) ? rect : null;
    for (const child of element.childNodes) {
      if (child instanceof Element) {
        // Of a list that scrolls, what is in sight.
        if (!window || isInSight(child.getBoundingClientRect(), window)) this.paint(child, into);
      } else if (child instanceof Text && style.visibility !== 'hidden') this.#write(child, into);
    }
  }

  #boxOf(element: Element, style: CSSStyleDeclaration, box: Box): SVGElement[] {
    const nextId = () => `${this.#name}-${++this.#gradients}`;
    const turn = turned(element, style, box);
    const elements = paintBox(style, turn?.box ?? box, nextId);
    if (elements.length === 0) return [];
    this.#boxes.push(box);
    return turn ? [svgElement('g', { transform: turn.transform }, elements)] : elements;
  }

  #write(text: Text, into: SVGElement[]): void {
    const { elements, boxes } = paintText(text, this.#origin);
    into.push(...elements);
    this.#boxes.push(...boxes);
  }

  finish({ title, summary }: PictureWords, paper: string): SVGElement {
    const { x, y, width, height } = around(this.#boxes);
    const sheet = {
      x: Math.floor(x - MARGIN),
      y: Math.floor(y - MARGIN),
      width: Math.ceil(width + 2 * MARGIN),
      height: Math.ceil(height + 2 * MARGIN),
    };
    const { width: wide, height: high } = sheet;
    return svgElement(
      'svg',
      { width: wide, height: high, viewBox: `${sheet.x} ${sheet.y} ${wide} ${high}`, role: 'img' },
      [
        svgElement('title', {}, [title]),
        svgElement('desc', {}, [summary]),
        svgElement('rect', { ...sheet, fill: paper }),
        ...this.#elements,
      ],
    );
  }
}

const scrolls = ({ overflowY }: CSSStyleDeclaration) => overflowY === 'auto' || overflowY === 'scroll';

function isInSight(rect: DOMRect, window: DOMRect): boolean {
  return rect.height === 0 || (rect.bottom > window.top + 1 && rect.top < window.bottom - 1);
}

/** A box that is turned or scaled about its middle, as it was before, with what was done to it. */
function turned(element: Element, { transform }: CSSStyleDeclaration, box: Box) {
  const [a, b, c, d] = /^matrix\((.*)\)$/.exec(transform)?.[1]?.split(',').map(Number) ?? [1, 0, 0, 1]; // prettier-ignore
  if ((a === 1 && b === 0 && c === 0 && d === 1) || !(element instanceof HTMLElement)) return null;
  const { offsetWidth: width, offsetHeight: height } = element;
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  return {
    box: { x: -width / 2, y: -height / 2, width, height },
    transform: `matrix(${a} ${b} ${c} ${d} ${middle.x} ${middle.y})`,
  };
}
