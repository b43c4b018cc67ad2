import { numericValue, rowsBy } from '../../evaluate/verdict-table.ts';
import { groupBy } from '../../harness/group-by.ts';
import type { VerdictRow } from '../../judge/verdict-table.ts';
import { VerdictsError } from '../lab.ts';
import type { SampledItem } from './judged-item.ts';

/**
 * The sampled items of a file, by judge: several rows with the same item and judge are samples. Positive is the label 1
 * where labels are 1 and 0, and otherwise the label 5. Rows without a label are left out.
 * @throws VerdictsError
 */
export function sampledItemsOfRows(rows: readonly VerdictRow[]): Map<string, SampledItem[]> {
  const labelled = rows.filter(({ label }) => label !== null);
  const labels = labelled.map((row) => inWords(() => numericValue(row, 'label')));
  if (labels.length === 0)
    throw new VerdictsError(
      'No row has a label: the column "label" must hold the true score (5 is positive) or 1 and 0, ' +
        '"verdict" a sampled score, with a row for each sample of an item.',
    );
  const positive = labels.every((label) => label === 0 || label === 1) ? 1 : 5;
  if (!labels.includes(positive))
    throw new VerdictsError(
      'No label is positive: labels must be 1 and 0, or true scores of which some are 5. Turn other scales into 1 and 0 first.',
    );
  const byJudge = [...rowsBy(labelled, 'judge')].map(([judge, own]): [string, SampledItem[]] => [
    judge ?? 'the judge of the file',
    [...groupBy(own, ({ item }) => item)].map(([item, samples]) => sampledItem(item, samples, positive)),
  ]);
  return new Map(byJudge);
}

function sampledItem(item: string, rows: readonly VerdictRow[], positive: number): SampledItem {
  const labels = new Set(rows.map(({ label }) => label));
  if (labels.size > 1)
    throw new VerdictsError(
      `The item "${item}" has the labels ${[...labels].join(' and ')}: all rows of an item must agree on it.`,
    );
  const [label] = labels;
  return {
    title: item,
    label: String(label),
    positive: label === positive,
    verdicts: rows.map((row) => inWords(() => numericValue(row, 'verdict'))),
    texts: [],
  };
}

function inWords<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new VerdictsError(error.message);
    throw error;
  }
}
