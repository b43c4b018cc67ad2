/** A lab's report as Markdown: what the terminal prints, the results document holds and a link carries. */
import { formatChange, formatCount, formatNumber, formatShare } from './format.ts';
import { visibleControls } from './shown-text.ts';
import type {
  BarsBlock,
  Block,
  CurveBlock,
  Exhibit,
  IntervalsBlock,
  MatrixBlock,
  NumberFormat,
  RanksBlock,
  ReferenceLine,
  ScatterBlock,
  TableBlock,
  WithInterval,
} from './report.ts';

/** A number as its format writes it; null is "n/a". */
export function formatValue(value: number | null | undefined, format: NumberFormat | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return 'n/a';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  switch (format) {
    case 'share':
      return formatShare(value);
    case 'points':
      return formatChange(value);
    case 'count':
      return formatCount(value);
    case 'decimal3':
      return formatNumber(value, 3);
    case 'rating':
      return formatNumber(value, 0);
    case 'decimal2':
    case undefined:
      return formatNumber(value, 2);
  }
}

/** "55.1 % [50.2, 60.0]": a value and, where there is one, its interval. */
export function formatWithInterval(
  { value, low, high }: WithInterval,
  format: NumberFormat | undefined,
): string {
  const text = formatValue(value, format);
  if (low === undefined || high === undefined || low === null || high === null || value === null) return text;
  return `${text} [${formatValue(low, format)}, ${formatValue(high, format)}]`;
}

export function reportText(blocks: readonly Block[]): string {
  return blocks.map(blockText).join('\n\n');
}

/** One block, with its title in bold. */
export function blockText(block: Block): string {
  switch (block.kind) {
    case 'sentence':
      return escape(block.text);
    case 'table':
      return titled(block.title, tableText(block), block.note);
    case 'intervals':
      return titled(block.title, intervalsText(block), linesText(block.lines, block.format));
    case 'curve':
      return titled(block.title, curveText(block), linesText(block.lines, block.y.format));
    case 'bars':
      return titled(block.title, barsText(block), linesText(block.lines, block.format));
    case 'scatter':
      return titled(block.title, scatterText(block));
    case 'matrix':
      return titled(block.title, matrixText(block));
    case 'ranks':
      return titled(block.title, ranksText(block));
    case 'exhibits':
      return titled(block.title, block.exhibits.map(exhibitText).join('\n'));
  }
}

const titled = (title: string, body: string, note?: string) =>
  [`**${escape(title)}**`, body, ...(note ? [escape(note)] : [])].join('\n\n');

/** Imported and generated text must not become markup: links, emphasis, HTML, entities, cells; nor steer a terminal. */
export function escape(text: string): string {
  return visibleControls(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*<|~]/g, (sign) => `\\${sign}`)
    .replace(/\](?=[([:])/g, '\\]')
    .replace(/&(?=#?\w+;)/g, '\\&')
    .replace(/(^|\W)_|_(\W|$)/g, (marked) => marked.replace('_', '\\_'))
    .replace(/^(\s*)(#+|[>+-]|\d+[.)])(?=\s|$)/, '$1\\$2');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const ruler = `|${head.map((_, i) => (i === 0 ? '---' : '---:')).join('|')}|`;
  return [line(head.map(escape)), ruler, ...rows.map(line)].join('\n');
}

function tableText({ columns, rows }: TableBlock): string {
  const cellText = (cell: string | number | WithInterval | null, column: number) => {
    const format = columns[column]?.format;
    if (typeof cell === 'string') return escape(cell);
    if (typeof cell === 'number' || cell === null) return formatValue(cell, format);
    return formatWithInterval(cell, format);
  };
  return table(columns.map(({ title }) => title), rows.map(({ cells }) => cells.map(cellText))); // prettier-ignore
}

function intervalsText({ rows, format }: IntervalsBlock): string {
  return rows.map((row) => `- ${escape(row.label)}: ${formatWithInterval(row, format)}`).join('\n');
}

function linesText(lines: readonly ReferenceLine[] | undefined, format: NumberFormat): string | undefined {
  return lines?.map(({ label, at }) => `${escape(label)}: ${formatValue(at, format)}`).join('; ');
}

/** A long curve is told at about ten places. */
function curveText({ x, y, series }: CurveBlock): string {
  const rows = series.flatMap(({ name, points }) => {
    const step = Math.max(1, Math.ceil(points.length / 10));
    const told = points.filter((_, i) => i % step === 0 || i === points.length - 1);
    return told.map((point) => [
      escape(name),
      formatValue(point.x, x.format),
      formatWithInterval(intervalOf(point, point.y), y.format),
    ]);
  });
  return table(['curve', x.title, y.title], rows);
}

function barsText({ series, groups, format }: BarsBlock): string {
  const rows = groups.map(({ label, bars }) => [
    escape(label),
    ...bars.map((bar) => formatWithInterval(intervalOf(bar, bar.value), format)),
  ]);
  return table(['', ...series], rows);
}

function intervalOf({ low, high }: { low?: number; high?: number }, value: number | null): WithInterval {
  return { value, low: low ?? null, high: high ?? null };
}

function scatterText({ x, y, points }: ScatterBlock): string {
  const rows = points.map((point) => [
    escape(point.label),
    formatValue(point.x, x.format),
    formatValue(point.y, y.format),
  ]);
  return table(['', x.title, y.title], rows);
}

function matrixText({ rows, columns, cells, format, staircases }: MatrixBlock): string {
  const lines = cells.map((row, i) => [
    escape(rows.labels[i] ?? ''),
    ...row.map((cell) => (cell ? formatValue(cell.value, format) : '')),
  ]);
  const stairs = (staircases ?? []).map(({ name, first }) => {
    const places = first.map((column) => columns.labels[column] ?? 'none').join(', ');
    return `- ${escape(name)}, selected from: ${escape(places)}`;
  });
  const head = [`${rows.title} \\ ${columns.title}`, ...columns.labels];
  return [table(head, lines), ...(stairs.length > 0 ? [stairs.join('\n')] : [])].join('\n\n');
}

function ranksText({ orders, things }: RanksBlock): string {
  const rank = (value: number) => String(value);
  return table(['', ...orders], things.map(({ label, ranks }) => [escape(label), ...ranks.map(rank)])); // prettier-ignore
}

function exhibitText({ title, facts, texts }: Exhibit): string {
  const parts = [...facts, ...texts].map(([name, text]) => `${name}: ${text}`).join('; ');
  return `- ${escape(title)}. ${escape(parts)}`;
}
