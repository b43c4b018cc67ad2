import { formattedTable, type TableOfBlock } from './formatted-tables.ts';
import { html, type Markup } from './html.ts';
import { REPORT_STYLE } from './report-style.ts';
import type { Block, Exhibit } from './report.ts';

/** A picture as SVG, for each theme; only the fitting one is shown. */
export interface DrawnPicture {
  light: Markup;
  dark: Markup;
}

export type Named = readonly (readonly [name: string, value: string])[];

/** What a report says, beside its blocks. */
export interface ReportWords {
  title: string;
  /** What was done, in a sentence or two. */
  about: string;
  /** The result in a sentence. */
  says: string;
  /** What others found. */
  found?: { title: string; text: string; address: string };
  /** What the result rests on: judge, data, versions. */
  facts: Named;
  settings: readonly { title: string; values: Named }[];
}

/**
 * A result as one HTML file that opens anywhere: no script, nothing from elsewhere, and a policy in its head that would
 * stop both. Whatever a model or a person wrote is text.
 * @param pictures by the place of their block
 */
export function reportHtml(
  words: ReportWords,
  blocks: readonly Block[],
  pictures: ReadonlyMap<number, DrawnPicture>,
): string {
  const { title, about, says, found, facts, settings } = words;
  const document = html(
    'html',
    { lang: 'en' },
    head(title),
    html(
      'body',
      {},
      html('h1', {}, title),
      html('p', { class: 'soft', dir: 'auto' }, about),
      html('p', { class: 'says', dir: 'auto' }, says),
      found
        ? html('p', {}, `${found.title}: ${found.text} `, html('a', { href: found.address }, found.address))
        : null,
      html('h2', {}, 'Results'),
      blocks.map((block, i) => blockOf(block, pictures.get(i))),
      html('h2', {}, 'What it rests on'),
      list(facts),
      html('h2', {}, 'Settings'),
      settings.map(({ title: group, values }) => [group ? html('h3', {}, group) : null, list(values)]),
      html('footer', {}, 'Made with Judge Playground. Intervals are 95 % intervals.'), // prettier-ignore
    ),
  );
  return `<!doctype html>\n${document.markup}\n`;
}

/** Styles are its own; anything else a browser refuses. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

function head(title: string): Markup {
  return html(
    'head',
    {},
    html('meta', { charset: 'utf-8' }),
    html('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    html('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    html('title', {}, title),
    html('style', {}, { markup: REPORT_STYLE }),
  );
}

function blockOf(block: Block, picture: DrawnPicture | undefined): Markup {
  if (block.kind === 'sentence') return html('p', { dir: 'auto' }, block.text);
  if (block.kind === 'exhibits')
    return html('section', {}, html('h3', {}, block.title), block.exhibits.map(exhibitOf));
  const numbers = tableOf(formattedTable(block)!);
  const note = block.kind === 'table' && block.note ? html('p', { class: 'soft' }, block.note) : null;
  return html(
    'section',
    {},
    html('h3', {}, block.title),
    picture ? figureOf(picture) : null,
    picture ? html('details', {}, html('summary', {}, 'These numbers as a table'), numbers) : numbers,
    note,
  );
}

const figureOf = ({ light, dark }: DrawnPicture) =>
  html('figure', {}, html('span', { class: 'light' }, light), html('span', { class: 'dark' }, dark));

const NUMBER = /^(n\/a|−?∞|[±+−]?\d[\d,.]*)(\s|%|$)/;

function tableOf({ head: columns, rows }: TableOfBlock): Markup {
  const isWords = columns.map((_, i) => i === 0 || rows.some((row) => row[i] && !NUMBER.test(row[i])));
  const row = (cells: readonly string[], name: 'th' | 'td') => {
    const scope = name === 'th' ? 'col' : undefined;
    const cell = (text: string, i: number) =>
      html(name, { scope, class: isWords[i] ? 'words' : undefined }, text);
    return html('tr', {}, cells.map(cell));
  };
  return html(
    'div',
    { class: 'scroll' },
    html(
      'table',
      {},
      html('thead', {}, row(columns, 'th')),
      html('tbody', {}, rows.map((cells) => row(cells, 'td'))),
    ),
  ); // prettier-ignore
}

function exhibitOf({ title, facts, texts }: Exhibit): Markup {
  const parts = texts.map(([name, text]) => [
    html('p', { class: 'soft' }, name),
    html('div', { class: 'text' }, text),
  ]);
  return html('article', {}, html('h3', { dir: 'auto' }, title), list(facts), parts);
}

const list = (values: Named): Markup =>
  html('dl', {}, values.map(([name, value]) => [html('dt', {}, name), html('dd', { dir: 'auto' }, value)])); // prettier-ignore
