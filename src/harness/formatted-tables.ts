import { formatValue, formatWithInterval } from './report-text.ts';
import type {
  BarsBlock,
  Block,
  CurveBlock,
  IntervalsBlock,
  MatrixBlock,
  RanksBlock,
  ReferenceLine,
  NumberFormat,
  ScatterBlock,
  TableBlock,
  WithInterval,
} from './report.ts';

/** A picture's numbers as a table; written as the terminal writes them. */
export interface TableOfBlock {
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

/** A point or bar as a value with its interval. */
export const intervalOf = (value: number | null, { low, high }: { low?: number; high?: number }) =>
  ({ value, low: low ?? null, high: high ?? null }) satisfies WithInterval;

const lineRows = (lines: readonly ReferenceLine[] | undefined, format: NumberFormat, before: string[] = []) =>
  (lines ?? []).map(({ label, at }) => [label, ...before, formatValue(at, format)]);

export function intervalsTable({ rows, format, lines }: IntervalsBlock): TableOfBlock {
  return {
    head: ['', 'value [95 % interval]'],
    rows: [...rows.map((row) => [row.label, formatWithInterval(row, format)]), ...lineRows(lines, format)],
  };
}

export function curveTable({ x, y, series, lines }: CurveBlock): TableOfBlock {
  const rows = series.flatMap(({ name, points }) =>
    points.map((point) => [
      name,
      formatValue(point.x, x.format),
      formatWithInterval(intervalOf(point.y, point), y.format),
    ]),
  );
  return { head: ['curve', x.title, y.title], rows: [...rows, ...lineRows(lines, y.format, [''])] };
}

export function barsTable({ series, groups, format, lines }: BarsBlock): TableOfBlock {
  const rows = groups.map(({ label, bars }) => [
    label,
    ...bars.map((bar) => formatWithInterval(intervalOf(bar.value, bar), format)),
  ]);
  return { head: ['', ...series], rows: [...rows, ...lineRows(lines, format)] };
}

export function scatterTable({ x, y, points }: ScatterBlock): TableOfBlock {
  return {
    head: ['', x.title, y.title],
    rows: points.map((point) => [
      point.label,
      formatValue(point.x, x.format),
      formatValue(point.y, y.format),
    ]),
  };
}

export function ranksTable({ orders, things }: RanksBlock): TableOfBlock {
  return { head: ['', ...orders], rows: things.map(({ label, ranks }) => [label, ...ranks.map(String)]) };
}

export function matrixTable({ rows, columns, cells, format, staircases = [] }: MatrixBlock): TableOfBlock {
  const selected = (first: readonly number[]) => first.map((column) => columns.labels[column] ?? 'none');
  return {
    head: [
      `${rows.title} \\ ${columns.title}`,
      ...columns.labels,
      ...staircases.map(({ name }) => `${name}, from`),
    ],
    rows: cells.map((line, row) => [
      rows.labels[row] ?? '',
      ...line.map((cell) => (cell ? formatValue(cell.value, format) : '')),
      ...staircases.map(({ first }) => selected(first)[row] ?? ''),
    ]),
  };
}

function tableOf({ columns, rows }: TableBlock): TableOfBlock {
  const written = (cell: TableBlock['rows'][number]['cells'][number], column: number) => {
    if (typeof cell === 'string') return cell;
    const value = typeof cell === 'number' || cell === null ? { value: cell } : cell;
    return formatWithInterval(value, columns[column]?.format);
  };
  return { head: columns.map(({ title }) => title), rows: rows.map(({ cells }) => cells.map(written)) };
}

/** Any block's numbers; null for those that are words. */
export function formattedTable(block: Block): TableOfBlock | null {
  switch (block.kind) {
    case 'sentence':
    case 'exhibits':
      return null;
    case 'table':
      return tableOf(block);
    case 'intervals':
      return intervalsTable(block);
    case 'curve':
      return curveTable(block);
    case 'bars':
      return barsTable(block);
    case 'scatter':
      return scatterTable(block);
    case 'matrix':
      return matrixTable(block);
    case 'ranks':
      return ranksTable(block);
  }
}
