/**
 * HTML and SVG as text, for files that are opened somewhere else. Whatever comes in as a string is a text and is written as
 * one: only what was made here is markup.
 */
import { visibleControls } from './shown-text.ts';

/** Text that is markup already. */
export interface Markup {
  readonly markup: string;
}

export type Content = string | Markup | readonly Content[] | null;
export type HtmlAttributes = Readonly<Record<string, string | undefined>>;

const VOID = new Set(['meta', 'br', 'hr']);

/** An element with its attributes and what stands in it. Names are ours; values and texts may be anybody's. */
export function html(name: string, attributes: HtmlAttributes = {}, ...content: Content[]): Markup {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escaped(value)}"`],
  );
  const start = `<${name}${written.join('')}>`;
  return { markup: VOID.has(name) ? start : `${start}${inside(content)}</${name}>` };
}

function inside(content: Content): string {
  if (content === null) return '';
  if (typeof content === 'string') return escaped(content);
  return 'markup' in content ? content.markup : content.map(inside).join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** For attributes, too: they stand in double quotes. */
function escaped(text: string): string {
  return visibleControls(text).replace(/[&<>"]/g, (sign) => ENTITIES[sign]!);
}
