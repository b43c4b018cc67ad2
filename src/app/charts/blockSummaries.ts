/** Each picture in a sentence or two, for those who do not see it. The numbers that are left out are in its table. */
import { formatValue, formatWithInterval } from '../../harness/report-text.ts';
import type {
  BarsBlock,
  CurveBlock,
  IntervalsBlock,
  MatrixBlock,
  NumberFormat,
  RanksBlock,
  ReferenceLine,
  ScatterBlock,
} from '../../harness/report.ts';
import { intervalOf } from '../../harness/formatted-tables.ts';

/** More than this many are told by their first and last only. */
const TOLD = 12;

const sentence = (parts: readonly string[]) => `${parts.filter(Boolean).join('; ')}.`;

const linesOf = (lines: readonly ReferenceLine[] | undefined, format: NumberFormat) =>
  (lines ?? []).map(({ label, at }) => `line ${label} at ${formatValue(at, format)}`);

function told<T>(things: readonly T[], tell: (thing: T) => string): string[] {
  if (things.length <= TOLD) return things.map(tell);
  return [...things.slice(0, TOLD - 1).map(tell), `and ${things.length - TOLD + 1} more, see the table`];
}

export function intervalsSummary({ title, rows, format, lines }: IntervalsBlock): string {
  return sentence([
    `${title}: ${told(rows, (row) => `${row.label} ${formatWithInterval(row, format)}`).join('; ')}`,
    ...linesOf(lines, format),
  ]);
}

export function curveSummary({ title, x, y, series, lines }: CurveBlock): string {
  const ends = series.map(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last) return `${name} has no points`;
    const at = (point: typeof first) =>
      `${formatWithInterval(intervalOf(point.y, point), y.format)} at ${formatValue(point.x, x.format)}`;
    return points.length === 1 ? `${name} ${at(first)}` : `${name} from ${at(first)} to ${at(last)}`;
  });
  return sentence([`${title}: ${y.title} over ${x.title}, ${ends.join('; ')}`, ...linesOf(lines, y.format)]);
}

export function barsSummary({ title, groups, series, format, lines }: BarsBlock): string {
  const values = (bars: BarsBlock['groups'][number]['bars']) =>
    bars.map((bar, index) => {
      const value = formatWithInterval(intervalOf(bar.value, bar), format);
      return series.length > 1 ? `${series[index] ?? ''} ${value}` : value;
    });
  return sentence([
    `${title}: ${told(groups, ({ label, bars }) => `${label} ${values(bars).join(', ')}`).join('; ')}`,
    ...linesOf(lines, format),
  ]);
}

export function scatterSummary({ title, x, y, points }: ScatterBlock): string {
  const tell = (point: ScatterBlock['points'][number]) =>
    `${point.label} ${formatValue(point.x, x.format)} and ${formatValue(point.y, y.format)}`;
  return sentence([`${title}: ${x.title} and ${y.title} of ${told(points, tell).join('; ')}`]);
}

export function ranksSummary({ title, orders, things }: RanksBlock): string {
  const tell = ({ label, ranks }: RanksBlock['things'][number]) => `${label} ${ranks.join(', ')}`;
  return sentence([`${title}: ranks by ${orders.join(', ')}: ${told(things, tell).join('; ')}`]);
}

export function matrixSummary({ title, rows, columns, cells, format }: MatrixBlock): string {
  const tell = (line: MatrixBlock['cells'][number], row: number) =>
    `${rows.labels[row] ?? ''}: ${line.map((cell) => (cell ? formatValue(cell.value, format) : 'none')).join(', ')}`;
  return sentence([
    `${title}: by ${rows.title}, over ${columns.title} ${columns.labels.join(', ')}: ${cells.map(tell).join('; ')}`,
  ]);
}
