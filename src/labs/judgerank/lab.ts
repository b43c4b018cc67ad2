import { MICRO_VERSION } from '../../data/micro/items.ts';
import { QUERY_KINDS } from '../../data/micro/passages.ts';
import { judgingCost, readingCost } from '../../harness/cost.ts';
import { atOnce, inSlices, type Steps } from '../../judge/steps.ts';
import type { LabOutcome } from '../../harness/lab-run.ts';
import { factsAbout } from '../data-facts.ts';
import { defineLab, type LabBench } from '../lab.ts';
import { analyseRankings, type RankingStudy } from './analysis.ts';
import { exhibitsOf } from './exhibits.ts';
import { FIELDS, type RankSettings } from './fields.ts';
import { JUDGING, judgePassages, READING } from './judged-passages.ts';
import { queriesFor } from './queries.ts';
import { BM25, P_YES, rankedQuery, rankerOf, SUM, type JudgeReadings } from './rankers.ts';
import { RANDOM } from './ranked-query.ts';
import { reportOf } from './report.ts';
import type { RankResult } from './result.ts';
import { sentenceOf } from './sentences.ts';
import { studyOf } from './verdicts.ts';

const passagesIn = ({ queriesPerKind, passages }: RankSettings) =>
  QUERY_KINDS.length * queriesPerKind * passages;

export const lab = defineLab<typeof FIELDS, RankResult>({
  id: 'judgerank',
  title: 'JudgeRank',
  group: 'sway',
  paper: {
    title: 'JudgeRank: Leveraging large language models for reasoning-intensive reranking',
    authors: 'Niu and others',
    year: 2024,
    arxiv: '2411.00142',
  },
  question: 'When do words in common mislead?',
  about:
    'A search engine ranks passages by the words that they share with the query (BM25). A judge reads each passage, ' +
    'writes down what it finds, and only then says how well it answers; its probability of saying yes ranks the ' +
    'passages too. nDCG compares both orders, and their sum, with the true relevance: on queries whose words help, ' +
    'and on queries whose words mislead, such as those that say “without”.',
  needs: {
    subjects:
      'one passage at a time; of your own items, those that share an instruction and its criterion are the passages of one query, and the label is the relevance',
    labels: true,
    ownItems: true,
  },
  fields: FIELDS,
  main: ['queriesPerKind', 'passages', 'shownQuery'],
  cost: (settings, speed) => [
    judgingCost(JUDGING, passagesIn(settings), 1, speed),
    readingCost(READING, passagesIn(settings), speed),
  ],
  data: (settings) => {
    const { seed, queriesPerKind, passages } = settings;
    const content = { generator: MICRO_VERSION, queries: 'ranking', seed, queriesPerKind, passages };
    return factsAbout('built-in ranking queries', content, passagesIn(settings));
  },
  run,
  analyse: (rows, settings) => atOnce(outcomeOf(studyOf(rows), settings)),
  report: reportOf,
  paperFound:
    'On BRIGHT, whose queries take reasoning, the paper’s judge ranks far better than the first stage and than other ' +
    'rerankers; on BEIR’s ordinary queries it is on par with fine-tuned ones. A run by others, with the model of 8 ' +
    'billion parameters, has a mean nDCG@10 of 17.0 (of 100) over BRIGHT’s twelve tasks.',
  says: (result, { cutoff }) => sentenceOf(result, cutoff),
});

/** Every judge reads every passage of every query. */
async function run(bench: LabBench, settings: RankSettings): Promise<LabOutcome<RankResult>> {
  const queries = await inSlices(queriesFor(bench, settings));
  const items = queries.flatMap(({ passages }) => passages);
  const judges: JudgeReadings[] = [];
  for (const judge of bench.judges)
    judges.push({ judge, readings: await judgePassages(bench, judge, items, settings.maxTokens) });
  const others = bench.judges.slice(1).map((judge, i) => rankerOf(P_YES, judge, i + 1));
  const read = judges.flatMap(({ readings }) => [...readings.values()]);
  const study: RankingStudy = {
    queries: queries.map((query) => rankedQuery(query, judges)),
    comparisons: [
      [P_YES, BM25],
      [SUM, P_YES],
      [BM25, RANDOM],
      ...others.map((other) => [other, P_YES] as const),
    ],
    orders: [BM25, P_YES, SUM],
    unreadable: read.filter(({ probabilities }) => probabilities === null).length,
  };
  return inSlices(outcomeOf(study, settings));
}

function* outcomeOf(study: RankingStudy, settings: RankSettings): Steps<LabOutcome<RankResult>> {
  const result = yield* analyseRankings(study, settings);
  return { result, exhibits: exhibitsOf(study.queries, result) };
}
