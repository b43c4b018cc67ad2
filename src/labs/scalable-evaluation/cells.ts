import { rowsBy } from '../../evaluate/verdict-table.ts';
import type { Steps } from '../../judge/steps.ts';
import { VALUE_COLUMNS, type VerdictRow } from '../../judge/verdict-table.ts';
import { VerdictsError } from '../lab.ts';
import { estimateCell, type Cell } from './cell.ts';
import type { Settings } from './fields.ts';

/**
 * Every judge × model of a table. The first one's values stand at the top as well: pooled over judges or models they
 * would estimate nobody's score. A table of one judge and one model is exactly that cell.
 */
export interface ScalableEvaluation extends Cell {
  cells: Cell[];
  /** Judges × models of which nothing can be estimated, and why. */
  leftOut: string[];
}

/** What cells and marks call it. */
export const cellName = ({ by, taker }: Pick<Cell, 'by' | 'taker'>) =>
  taker === null ? by : `${by} on ${taker}`;

/** Rows by judge and taker, in order of appearance; rows that name no judge are of one called "judge". */
export function rowsByCell(rows: readonly VerdictRow[]) {
  const named = rows.map((row) => ({ ...row, judge: row.judge ?? 'judge' }));
  return [...rowsBy(named, 'judge')].flatMap(([by, own]) =>
    [...rowsBy(own, 'taker')].map(([taker, cell]) => ({ by: by!, taker, rows: cell })),
  );
}

/** @throws VerdictsError in words for values that are no numbers, and where no judge × model can be estimated */
export function* estimateCells(
  rows: readonly VerdictRow[],
  settings: Pick<Settings, 'labels' | 'seed'>,
): Steps<ScalableEvaluation> {
  for (const row of rows) checkNumbers(row);
  if (rows.every(({ label }) => label === null))
    throw new VerdictsError(
      'The table has no labels: the column "label" must hold the true value of some rows at least, and be empty elsewhere.',
    );
  const cells: Cell[] = [];
  const leftOut: string[] = [];
  for (const { by, taker, rows: own } of rowsByCell(rows))
    try {
      cells.push(yield* estimateCell(by, taker, own, settings));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      leftOut.push(`${cellName({ by, taker })}: ${error.message}`);
    }
  const [first] = cells;
  if (!first) throw new VerdictsError(`Nothing can be estimated. ${leftOut[0] ?? 'The table has no rows.'}`);
  return { ...first, cells, leftOut };
}

function checkNumbers(row: VerdictRow): void {
  for (const column of VALUE_COLUMNS) {
    const value = row[column];
    if (typeof value === 'string')
      throw new VerdictsError(
        `The ${column} of item "${row.item}" by judge "${row.judge ?? 'judge'}" is "${value}", but this lab needs numbers: 1 for ` +
          'right and 0 for wrong, or scores.',
      );
  }
}
