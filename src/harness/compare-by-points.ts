import { expectedScore } from '../evaluate/expected-score.ts';
import type { ComparisonItem } from '../judge/comparison.ts';
import type { Item } from '../judge/item.ts';
import { itemId } from '../judge/item-id.ts';
import { scoreOf, winnerByNumbers } from '../judge/verdict-number.ts';
import { leavesRoom, type ComparedPair, type ComparingRequest, type ComparisonWay } from './comparing.ts';
import { greedy, judgmentsOf } from './judge-items.ts';
import type { JudgmentRecord } from './judgment-store.ts';
import { scoreDistributions } from './score-distribution.ts';
import type { Workbench } from './workbench.ts';

/** Longest greedy judgment of one answer. */
const MAX_TOKENS = 160;

/** The grade of each judgment, by its id; null where it has none. */
type Grades = ReadonlyMap<string, number | null>;

/** Each answer graded by itself, the greater grade wins: with five grades, equal ones are many. */
export const byGrades: ComparisonWay = byPoints(
  'points',
  'two point judgments',
  async (_bench, { judgments }) => {
    return new Map(judgments.map(({ id, verdict }) => [id, scoreOf(verdict)]));
  },
);

/** The same judgments, compared by their expected scores Σ k·p(k), which are hardly ever equal. */
export const byExpectedScores: ComparisonWay = byPoints(
  'expected-points',
  'two point judgments, by expected score',
  async (bench, { request, items, byItem }) => {
    const distributions = await scoreDistributions(bench, request, items, byItem);
    return new Map([...distributions].map(([id, probabilities]) => [id, expectedScore(probabilities)]));
  },
);

interface Judged {
  request: ComparingRequest;
  items: readonly Item[];
  judgments: readonly JudgmentRecord[];
  byItem: ReadonlyMap<string, readonly JudgmentRecord[]>;
}

function byPoints(
  id: string,
  title: string,
  gradesOf: (bench: Workbench, judged: Judged) => Promise<Grades>,
): ComparisonWay {
  return {
    id,
    title,
    hasPosition: false,
    fits: (bench, item) =>
      answersOf(item).every((answer) => leavesRoom(bench, bench.protocol, answer, MAX_TOKENS)),
    compare: async (bench, request) => {
      // An answer may stand in many pairs.
      const items = [...new Map(request.items.flatMap(answersOf).map((item) => [item.id, item])).values()];
      const byItem = await judgmentsOf(bench, {
        ...request, items, protocol: bench.protocol, samples: 1, sampling: greedy(MAX_TOKENS),
      }); // prettier-ignore
      const judgments = [...byItem.values()].flat();
      const grades = await gradesOf(bench, { request, items, judgments, byItem });
      return request.items.map((item) => pairOf(item, byItem, grades));
    },
  };
}

/** Nothing was shown in an order, so the verdict is the same in both by construction. */
function pairOf(
  item: ComparisonItem,
  byItem: ReadonlyMap<string, readonly JudgmentRecord[]>,
  grades: Grades,
): ComparedPair {
  const own = answersOf(item).map(({ id }) => byItem.get(id)![0]!);
  const [first, second] = own.map(({ id }) => grades.get(id) ?? null) as [number | null, number | null];
  const winner = winnerByNumbers(first, second);
  const evidence = { judgmentIds: own.map(({ id }) => id), texts: own.map(({ text }) => text) };
  return { id: item.id, orders: [winner, winner], evidence: [evidence, evidence] };
}

/** The two answers as items of their own. */
function answersOf({ instruction, responses, criterion, reference }: ComparisonItem): Item[] {
  return responses.slice(0, 2).map((response) => {
    const content = { instruction, response, criterion, ...(reference !== undefined && { reference }) };
    return { id: itemId(content), ...content };
  });
}
