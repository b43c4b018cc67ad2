const NAMESPACE = 'http://www.w3.org/2000/svg';

export type Attributes = Readonly<Record<string, string | number | null | undefined>>;

/** An SVG element; attributes that are null or undefined are left out, numbers are rounded to what a screen can show. */
export function svgElement(
  name: string,
  attributes: Attributes = {},
  children: readonly (Node | string)[] = [],
): SVGElement {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== null && value !== undefined)
      element.setAttribute(key, typeof value === 'number' ? rounded(value) : value);
  element.append(...children);
  return element;
}

const rounded = (value: number) => String(Math.round(value * 100) / 100);
