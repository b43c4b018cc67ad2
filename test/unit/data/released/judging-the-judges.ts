import { readFileSync } from 'node:fs';
import { readCsv } from '../../../../src/data/import/csv.ts';
import { readJudgingTheJudges } from '../../../../src/data/import/judging-the-judges.ts';
import { atOnce } from '../../../../src/judge/steps.ts';
import type { VerdictRow } from '../../../../src/judge/verdict-table.ts';
import { SHARED_FOLDER } from '../../../../scripts/vite/shared-folder.ts';

/** The published verdicts, which stay outside the repository. */
export const VERDICTS_FILE = `${SHARED_FOLDER}/data/judging-the-judges/derived/verdicts_v1.csv`;

export const released = readJudgingTheJudges(
  readFileSync(new URL('../../../../public/data/judging-the-judges.json', import.meta.url), 'utf8'),
);

/** The published verdicts as a verdict table: one row for each judge, taker and question. */
export function publishedVerdicts(): VerdictRow[] {
  const judges = Object.keys(released.firstFile.judges);
  const binary = (cell: string) => (cell === '' ? null : Number(cell));
  return atOnce(readCsv(readFileSync(VERDICTS_FILE, 'utf8'))).rows.flatMap(({ values }) => {
    const cells = values as Record<string, string>;
    return judges.map((judge) => ({
      item: `${cells['exam_taker']} ${cells['question']}`,
      group: cells['question']!,
      judge,
      taker: cells['exam_taker']!,
      order: null,
      variant: null,
      verdict: binary(cells[judge]!),
      label: binary(cells['human']!),
    }));
  });
}
