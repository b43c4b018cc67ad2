import { distinctNames, type Cell, type Table } from '../data/export/table.ts';
import type {
  BarsBlock,
  Block,
  CurveBlock,
  ExhibitsBlock,
  IntervalsBlock,
  MatrixBlock,
  RanksBlock,
  ReferenceLine,
  ScatterBlock,
  TableBlock,
  WithInterval,
} from './report.ts';

/** What a block shows as a table of plain numbers, a row an observation; null for a sentence, which has none. */
export function blockTable(block: Block): Table | null {
  switch (block.kind) {
    case 'sentence':
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
    case 'exhibits':
      return exhibitsTable(block);
  }
}

/** Columns of a lab are named by their titles, which files may have brought: each stands once. */
const table = (columns: readonly string[], rows: readonly (readonly Cell[])[]): Table => ({
  columns: distinctNames(columns),
  rows,
});

const bounds = ({ low, high }: { low?: number | null; high?: number | null }) => [low ?? null, high ?? null];
const lineRows = (lines: readonly ReferenceLine[] | undefined, row: (line: ReferenceLine) => Cell[]) =>
  (lines ?? []).map(row);

type ReportCell = TableBlock['rows'][number]['cells'][number];
const isEstimate = (cell: ReportCell | undefined): cell is WithInterval =>
  typeof cell === 'object' && cell !== null;

/** A column that has an interval anywhere becomes three. */
function tableOf({ columns, rows }: TableBlock): Table {
  const wide = columns.map((_, i) => rows.some(({ cells }) => isEstimate(cells[i])));
  const names = columns.flatMap(({ title }, i) => (wide[i] ? [title, `${title}, low`, `${title}, high`] : [title])); // prettier-ignore
  const cellsOf = (cell: ReportCell, i: number): Cell[] => {
    if (isEstimate(cell)) return [cell.value, ...bounds(cell)];
    return wide[i] ? [cell, null, null] : [cell];
  };
  return table(names, rows.map(({ cells }) => cells.flatMap(cellsOf))); // prettier-ignore
}

/** Reference lines come last; `line` tells them apart. */
function intervalsTable({ rows, lines }: IntervalsBlock): Table {
  return table(
    ['label', 'value', 'low', 'high', 'line'],
    [
      ...rows.map((row) => [row.label, row.value, ...bounds(row), false]),
      ...lineRows(lines, ({ label, at }) => [label, at, null, null, true]),
    ],
  );
}

function curveTable({ x, y, series, lines }: CurveBlock): Table {
  return table(
    ['curve', x.title, y.title, 'low', 'high', 'line'],
    [
      ...series.flatMap(({ name, points }) =>
        points.map((point) => [name, point.x, point.y, ...bounds(point), false]),
      ),
      ...lineRows(lines, ({ label, at }) => [label, null, at, null, null, true]),
    ],
  );
}

function barsTable({ series, groups, lines }: BarsBlock): Table {
  const rows = groups.flatMap(({ label, bars }) =>
    bars.map((bar, i) => [label, series[i] ?? '', bar.value, ...bounds(bar), false]),
  );
  return table(
    ['group', 'series', 'value', 'low', 'high', 'line'],
    [...rows, ...lineRows(lines, ({ label, at }) => [label, null, at, null, null, true])],
  );
}

function scatterTable({ x, y, points }: ScatterBlock): Table {
  return table(['label', x.title, y.title], points.map((point) => [point.label, point.x, point.y])); // prettier-ignore
}

/** A row a cell; and for each rule by which column of each row it begins to select. */
function matrixTable({ rows, columns, cells, staircases = [] }: MatrixBlock): Table {
  const selects = (row: number, column: number) =>
    staircases.map(({ first }) => column >= (first[row] ?? columns.labels.length));
  return table(
    [rows.title, columns.title, 'value', 'detail', ...staircases.map(({ name }) => `selected by ${name}`)],
    cells.flatMap((line, row) =>
      line.map((cell, column) => [
        rows.labels[row] ?? '',
        columns.labels[column] ?? '',
        cell?.value ?? null,
        cell?.detail ?? null,
        ...selects(row, column),
      ]),
    ),
  );
}

function ranksTable({ orders, things }: RanksBlock): Table {
  return table(['thing', ...orders], things.map(({ label, ranks }) => [label, ...ranks])); // prettier-ignore
}

function exhibitsTable({ exhibits }: ExhibitsBlock): Table {
  const parts = exhibits.map(({ facts, texts }) => new Map([...facts, ...texts]));
  const names = [...new Set(parts.flatMap((part) => [...part.keys()]))];
  return table(
    ['title', ...names],
    exhibits.map(({ title }, i) => [title, ...names.map((name) => parts[i]!.get(name) ?? null)]),
  );
}
