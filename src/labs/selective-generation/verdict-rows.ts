import { binaryValue, numericValue } from '../../evaluate/verdict-table.ts';
import { groupBy } from '../../harness/group-by.ts';
import type { VerdictRow } from '../../judge/verdict-table.ts';
import { VerdictsError } from '../lab.ts';
import type { AnsweredQuestion, Candidate } from './answered-question.ts';

/** The name of the measure of rows that name no judge. */
const UNNAMED = 'verdict';

/**
 * The answered questions of a file: a row is a measure's confidence in one answer. The answer is the item, the question
 * is the group (or the item itself where there are no groups, so that nothing is left to pick), the measure is the judge.
 * Rows without a label are left out; an empty verdict could not be read.
 * @throws VerdictsError
 */
export function questionsOfRows(rows: readonly VerdictRow[]): AnsweredQuestion[] {
  const labelled = rows.filter(({ label }) => label !== null);
  if (labelled.length === 0)
    throw new VerdictsError(
      'No row has a label: the column "label" must hold 1 for a right answer and 0 for a wrong one, ' +
        '"verdict" the confidence in it, and "judge" the name of the measure that gave it.',
    );
  const byQuestion = groupBy(labelled, ({ group, item }) => group ?? item);
  return [...byQuestion].map(([id, own]) => ({
    id,
    text: id,
    candidates: [...groupBy(own, ({ item }) => item)].map(candidateOf),
  }));
}

function candidateOf([item, rows]: [string, VerdictRow[]]): Candidate {
  const labels = new Set(rows.map((row) => inWords(() => binaryValue(row, 'label'))));
  if (labels.size > 1)
    throw new VerdictsError(
      `The item "${item}" is labelled 1 in one row and 0 in another: it is right or wrong.`,
    );
  const confidences: Record<string, number> = {};
  for (const row of rows) {
    const measure = row.judge ?? UNNAMED;
    if (confidences[measure] !== undefined)
      throw new VerdictsError(
        `The measure "${measure}" has two verdicts on the item "${item}": one row for each answer and measure.`,
      );
    confidences[measure] = inWords(() => numericValue(row, 'verdict')) ?? -Infinity;
  }
  return { text: item, right: labels.has(1), confidences };
}

function inWords<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new VerdictsError(error.message);
    throw error;
  }
}
