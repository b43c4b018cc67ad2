import { mean } from 'simple-statistics';
import { rowsBy } from '../../evaluate/verdict-table.ts';
import type { VerdictRow, VerdictValue } from '../../judge/verdict-table.ts';
import { VerdictsError } from '../lab.ts';
import type { RankingStudy } from './analysis.ts';
import { CONTENT, RANDOM, type RankedQuery } from './ranked-query.ts';

/** Judges beyond this many make the slope chart unreadable. */
const MOST_ORDERS = 4;

const COLUMNS =
  'JudgeRank reads from each row: item, the passage; group, its query; judge, the ranker; verdict, a number, higher for ' +
  'what should stand higher; label, the true relevance, 0 or more.';

/**
 * Rankings from a verdict table. A passage that a ranker was not asked about, or whose verdict could not be read,
 * stands last, as in a run of TREC; several verdicts on one passage (samples, variants) count by their mean. Rows without a
 * label say nothing about nDCG and are left out.
 * @throws VerdictsError
 */
export function studyOf(rows: readonly VerdictRow[]): RankingStudy {
  const labelled = rows.filter(({ label }) => label !== null);
  if (labelled.length === 0) throw new VerdictsError(`No row has a label. ${COLUMNS}`);
  const queries = [...rowsBy(labelled, 'group')].map(([group, own]) => queryOf(group, own));
  const judges = [...new Set(labelled.map(judgeOf))];
  const [first, ...others] = judges;
  return {
    queries,
    comparisons:
      others.length > 0 ? others.map((other) => [first!, other] as const) : [[first!, RANDOM] as const],
    orders: others.length > 0 ? judges.slice(0, MOST_ORDERS) : [first!, CONTENT],
    unreadable: labelled.filter(({ verdict }) => verdict === null).length,
  };
}

/** A file of one judge need not name it; one that is called as a scripted one is told from that. */
function judgeOf({ judge }: VerdictRow): string {
  const name = judge ?? 'judge';
  return name === CONTENT || name === RANDOM ? `${name} (file)` : name;
}

function queryOf(group: string | null, rows: readonly VerdictRow[]): RankedQuery {
  if (group === null) throw new VerdictsError(`The row of item "${rows[0]!.item}" has no group. ${COLUMNS}`);
  const items = rowsBy(rows, 'item');
  const grades = [...items].map(([item, own]) => gradeOf(item!, group, own));
  const judges = [...new Set(rows.map(judgeOf))];
  const scores = judges.map((judge): [string, number[]] => [
    judge,
    [...items.values()].map((own) => scoreOf(own.filter((row) => judgeOf(row) === judge))),
  ]);
  return {
    kind: null,
    query: group,
    passages: [...items.keys()].map((item, i) => ({ text: item!, relevance: grades[i]!, analyses: [] })),
    scores: new Map([...scores, [CONTENT, grades]]),
  };
}

/** The one grade that all rows of a passage give it. */
function gradeOf(item: string, group: string, rows: readonly VerdictRow[]): number {
  const [grade, ...others] = new Set(rows.map(({ label }) => label));
  if (typeof grade !== 'number' || grade < 0)
    throw new VerdictsError(`The label of item "${item}" is ${String(grade)}. ${COLUMNS}`);
  if (others.length > 0)
    throw new VerdictsError(`Item "${item}" of group "${group}" has several labels. ${COLUMNS}`);
  return grade;
}

function scoreOf(rows: readonly VerdictRow[]): number {
  const numbers = rows.flatMap(({ item, verdict }) => (verdict === null ? [] : [numberOf(item, verdict)]));
  return numbers.length > 0 ? mean(numbers) : -Infinity;
}

function numberOf(item: string, verdict: VerdictValue): number {
  if (typeof verdict === 'number') return verdict;
  throw new VerdictsError(`The verdict of item "${item}" is "${verdict}". ${COLUMNS}`);
}
