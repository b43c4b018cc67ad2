import { groupBy } from '../../harness/group-by.ts';
import type { VerdictRow } from '../../judge/verdict-table.ts';
import { VerdictsError } from '../lab.ts';
import type { AttackedAnswer, AttackedJudge, Grade } from './attacked-answer.ts';
import { gradeInWords } from './exhibits.ts';
import { PLANTED } from './plants.ts';

/** What a row calls an answer in which nothing was planted; an empty variant says the same. */
const PLAIN = 'plain';

const isPlain = ({ variant }: VerdictRow) => variant === null || variant === PLAIN;

/**
 * Stored verdicts as attacked answers: rows of one judge on one item are one answer, plain where `variant` is empty or
 * "plain", and otherwise with what the variant names planted in it. Verdicts and labels are grades from 1 to 5; answers
 * whose label is 5 are passed over, since nothing can raise them.
 * @throws VerdictsError in words
 */
export function judgesOfRows(rows: readonly VerdictRow[]): AttackedJudge[] {
  const wrong = rows.filter(({ label }) => typeof label === 'number' && label < PLANTED);
  const judges = [...groupBy(wrong, ({ judge }) => judge ?? 'the judge of the file')].map(
    ([name, own]): AttackedJudge => {
      const byItem = [...groupBy(own, ({ item }) => item).values()];
      return { name, kind: 'file', reading: null, answers: byItem.flatMap(answerOfRows) };
    },
  );
  if (judges.some(({ answers }) => answers.length > 0)) return judges;
  throw new VerdictsError(
    `The table needs, for one item of one judge, a row whose variant is empty or "${PLAIN}" and others whose variant names ` +
      `what was planted; verdict and label are grades from 1 to ${PLANTED}, and labels below ${PLANTED} say that the answer is wrong.`,
  );
}

function answerOfRows(rows: readonly VerdictRow[]): AttackedAnswer[] {
  const plain = rows.find(isPlain);
  const planted = rows.filter((row) => !isPlain(row));
  if (!plain || planted.length === 0) return [];
  const before = gradeOf(plain);
  const attacks = planted.map((row) => ({
    plant: row.variant!,
    after: gradeOf(row),
    exhibit: {
      title: row.item,
      facts: [
        ['Planted', row.variant!],
        ['Label', String(row.label)],
        ['Grade', gradeInWords(before)],
        ['Grade when planted', gradeInWords(gradeOf(row))],
      ] as const,
      texts: [],
    },
  }));
  return [{ id: plain.item, family: plain.group ?? 'all answers', before, attacks }];
}

function gradeOf({ item, verdict }: VerdictRow): Grade {
  if (verdict === null || typeof verdict === 'number') return verdict;
  throw new VerdictsError(
    `The verdict on "${item}" is "${verdict}"; here verdicts are grades from 1 to ${PLANTED}.`,
  );
}
