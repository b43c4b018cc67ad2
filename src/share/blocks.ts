import * as v from 'valibot';
import type { Block } from '../harness/report.ts';

/** No block of a lab has more than half of these. */
const MOST_PARTS = 300;

const words = v.pipe(v.string(), v.maxLength(600));
const number = v.pipe(v.number(), v.finite());
const numberOrNone = v.nullable(number);
const list = <Part extends v.GenericSchema>(part: Part) => v.pipe(v.array(part), v.maxLength(MOST_PARTS));
const format = v.picklist(['share', 'points', 'count', 'decimal2', 'decimal3', 'rating']);
const emphasis = v.exactOptional(v.boolean());
const interval = { low: v.exactOptional(number), high: v.exactOptional(number) };
const withInterval = {
  value: numberOrNone,
  low: v.exactOptional(numberOrNone),
  high: v.exactOptional(numberOrNone),
};
const lines = v.exactOptional(list(v.strictObject({ label: words, at: number })));
const axis = v.strictObject({ title: words, format });

/** The same shape as `Block`, without what opens behind marks: an experiment brings its judgments apart. */
const KINDS = {
  sentence: v.strictObject({ kind: v.literal('sentence'), text: words }),
  table: v.strictObject({
    kind: v.literal('table'),
    title: words,
    columns: list(v.strictObject({ title: words, format: v.exactOptional(format) })),
    rows: list(
      v.strictObject({
        cells: list(v.nullable(v.union([words, number, v.strictObject(withInterval)]))),
        emphasis,
      }),
    ),
    note: v.exactOptional(words),
  }),
  intervals: v.strictObject({
    kind: v.literal('intervals'),
    title: words,
    format,
    rows: list(v.strictObject({ ...withInterval, label: words, emphasis })),
    lines,
  }),
  curve: v.strictObject({
    kind: v.literal('curve'),
    title: words,
    x: axis,
    y: v.strictObject({
      title: words,
      format,
      least: v.exactOptional(number),
      most: v.exactOptional(number),
    }),
    series: list(
      v.strictObject({
        name: words,
        points: list(v.strictObject({ x: number, y: number, ...interval })),
        faint: v.exactOptional(v.boolean()),
      }),
    ),
    lines,
  }),
  bars: v.strictObject({
    kind: v.literal('bars'),
    title: words,
    format,
    series: list(words),
    groups: list(
      v.strictObject({ label: words, bars: list(v.strictObject({ value: numberOrNone, ...interval })) }),
    ),
    stacked: v.exactOptional(v.boolean()),
    lines,
  }),
  scatter: v.strictObject({
    kind: v.literal('scatter'),
    title: words,
    x: axis,
    y: axis,
    points: list(v.strictObject({ label: words, x: number, y: number, emphasis })),
  }),
  matrix: v.strictObject({
    kind: v.literal('matrix'),
    title: words,
    rows: v.strictObject({ title: words, labels: list(words) }),
    columns: v.strictObject({ title: words, labels: list(words) }),
    format,
    cells: list(list(v.nullable(v.strictObject({ value: number, detail: v.exactOptional(words) })))),
    staircases: v.exactOptional(list(v.strictObject({ name: words, first: list(number) }))),
  }),
  ranks: v.strictObject({
    kind: v.literal('ranks'),
    title: words,
    orders: list(words),
    things: list(v.strictObject({ label: words, ranks: list(number), emphasis })),
  }),
};

/** What a link carries of a report; texts and numbers only. */
export const BlockSchema = v.variant('kind', [
  KINDS.sentence,
  KINDS.table,
  KINDS.intervals,
  KINDS.curve,
  KINDS.bars,
  KINDS.scatter,
  KINDS.matrix,
  KINDS.ranks,
]);

export type CarriedBlock = v.InferOutput<typeof BlockSchema>;

const DIGITS = 3;

/**
 * A block as a link carries it: numbers to three digits (whole ones whole), without what opens behind its marks. null for
 * exhibits, whose texts take more room than a link has, and for a block with more parts than a link may have.
 */
export function carriedBlock(block: Block): CarriedBlock | null {
  const result = v.safeParse(BlockSchema, toThreeDigits(block));
  return result.success ? result.output : null;
}

function toThreeDigits(part: unknown): unknown {
  if (typeof part === 'number') return Number.isInteger(part) ? part : Number(part.toPrecision(DIGITS));
  if (Array.isArray(part)) return part.map(toThreeDigits);
  if (part === null || typeof part !== 'object') return part;
  const entries = Object.entries(part).filter(([name, inner]) => inner !== undefined && name !== 'opens');
  return Object.fromEntries(entries.map(([name, inner]) => [name, toThreeDigits(inner)]));
}
