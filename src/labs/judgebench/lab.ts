import { judgingCost } from '../../harness/cost.ts';
import { MICRO_VERSION } from '../../data/micro/items.ts';
import { factsAbout } from '../data-facts.ts';
import { defineLab } from '../lab.ts';
import { fields, type JudgeBenchSettings } from './fields.ts';
import { judgePairs } from './judging.ts';
import { pairsOf } from './pairs.ts';
import { reportOf, sentenceOf } from './report.ts';
import { outcomeOf, type JudgeBenchResult } from './result.ts';
import { judgesOfRows } from './verdicts.ts';

export const lab = defineLab<typeof fields, JudgeBenchResult>({
  id: 'judgebench',
  title: 'JudgeBench',
  group: 'trust',
  paper: {
    title: 'JudgeBench: A Benchmark for Evaluating LLM-Based Judges',
    authors: 'Tan and others',
    year: 2024,
    arxiv: '2410.12784',
  },
  question: 'Is the judge better than a coin where right and wrong are facts?',
  about:
    'Each pair holds a right and a wrong answer of one solver to one question, so style and skill are the same and only ' +
    'the facts differ. Here the judge itself is the solver: it answers an exam several times. Then it compares the two ' +
    'answers in both orders, and a pair counts as right only where the orders do not contradict each other. Beside ' +
    'comparing two answers at once, it judges each alone: then there is no position that could sway it.',
  needs: {
    subjects: 'two answers, of which one is right',
    labels: true,
    ownItems: true,
    microLanguage: true,
  },
  fields,
  main: ['questions', 'samples', 'rule'],
  cost: ({ questions, samples }, speed) => {
    // About a third of the questions make a pair, which is judged as two single answers and twice as a pair.
    const pairs = Math.ceil(questions / 3);
    return [
      judgingCost('Sitting the exam', questions, samples, speed),
      judgingCost('Comparing the answers', 4 * pairs, 1, speed),
    ];
  },
  data: ({ questions, samples, seed }) =>
    factsAbout(
      'exam in the micro language',
      { generator: MICRO_VERSION, seed, questions, samples },
      questions,
    ),
  run: async (bench, settings) => {
    const pairs = await pairsOf(bench, settings);
    return outcomeOf(await judgePairs(bench, pairs, settings.seed), settings);
  },
  analyse: (rows, settings: JudgeBenchSettings) => outcomeOf(judgesOfRows(rows), settings),
  report: reportOf,
  paperFound:
    'On 350 pairs of GPT-4o’s answers to hard questions of knowledge, reasoning, mathematics and code, many strong ' +
    'judges, GPT-4o among them, were only slightly better than guessing. In the verdicts released with it, o1-mini is ' +
    'right on 65.7 % of the pairs, reward models on 59 to 64 %, and Claude 3 Haiku on 32.2 % of 270 pairs of ' +
    'Claude’s, half of which it called inconsistently.',
  says: sentenceOf,
});
