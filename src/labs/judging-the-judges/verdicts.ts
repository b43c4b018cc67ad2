import type { LabOutcome } from '../../harness/lab-run.ts';
import { exhibitsByMark } from '../../harness/row-exhibits.ts';
import { atOnce } from '../../judge/steps.ts';
import { VALUE_COLUMNS, type ValueColumn, type VerdictRow } from '../../judge/verdict-table.ts';
import { VerdictsError } from '../lab.ts';
import type { Settings } from './fields.ts';
import { marksOf } from './marks.ts';
import { judgeIntervals, measureJudges, type JudgingTheJudges } from './measure.ts';

/**
 * Analyses a verdict table whose verdicts and labels are 1 (right), 0 (wrong) or absent; only rows with both count.
 * @throws VerdictsError in words for any other kind of value and for a table without such rows
 */
export function analyseRows(
  rows: readonly VerdictRow[],
  { seed }: Pick<Settings, 'seed'>,
): LabOutcome<JudgingTheJudges> {
  checkRows(rows);
  return {
    result: { ...measureJudges(rows), intervals: atOnce(judgeIntervals(rows, seed)) },
    exhibits: exhibitsByMark(
      rows.map((row) => ({ row, texts: [] })),
      marksOf,
    ),
  };
}

function checkRows(rows: readonly VerdictRow[]): void {
  for (const row of rows) for (const column of VALUE_COLUMNS) checkValue(row, column);
  for (const column of VALUE_COLUMNS)
    if (rows.every((row) => row[column] === null))
      throw new VerdictsError(
        `The table has no ${column}s: the column "${column}" must hold 1 (right) or 0 (wrong), empty where there is none.`,
      );
  if (!rows.some(({ verdict, label }) => verdict !== null && label !== null))
    throw new VerdictsError('No row has both a verdict and a label, so that there is nothing to compare.');
}

function checkValue(row: VerdictRow, column: ValueColumn): void {
  const value = row[column];
  if (value === null || value === 0 || value === 1) return;
  throw new VerdictsError(
    `The ${column} of item "${row.item}" by judge "${row.judge ?? 'judge'}" is ${JSON.stringify(value)}, but this lab ` +
      'needs 1 (right) or 0 (wrong): turn scores into 1 and 0 first, by a threshold for instance.',
  );
}
