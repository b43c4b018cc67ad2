import { FACT_FAMILIES } from '../../data/micro/exam.ts';
import { MICRO_VERSION } from '../../data/micro/items.ts';
import { judgingCost } from '../../harness/cost.ts';
import { factsAbout } from '../data-facts.ts';
import { defineLab } from '../lab.ts';
import type { ScalableEvaluation } from './cells.ts';
import { FIELDS } from './fields.ts';
import { released } from './released.ts';
import { reportOf } from './report.ts';
import { analyseRows, runLab } from './run.ts';
import { sentenceOf } from './sentence.ts';

const MODELS = 2;

/** An answer to a question of the micro language, in tokens. */
const ANSWER_LENGTH = 8;

/**
 * The result's fixed names (`judge`, `labels`, `ppi`, `lambda`, `tunedPpi`, `truth`, `rhoSquared`, `factor`) are those of
 * the first judge and model; `cells` has all of them.
 */
export const lab = defineLab<typeof FIELDS, ScalableEvaluation>({
  id: 'scalable-evaluation',
  title: 'Limits to scalable evaluation',
  group: 'labels',
  paper: {
    title: 'Limits to scalable evaluation at the frontier: LLM as Judge won’t beat twice the data',
    authors: 'Dorner, Nastl and Hardt',
    year: 2024,
    arxiv: '2410.13341',
  },
  question: 'How many human labels does this judge save?',
  about:
    'A model’s true score is wanted, and only some of its answers have labels. The judge alone is cheap and biased; the ' +
    'labels alone are right on average and few. Prediction-powered inference takes the judge’s mean over everything and ' +
    'corrects it by the judge’s mean error on the labelled answers; tuned, it weighs the judge by how well it goes with ' +
    'the labels. The factor τ says how many labels that is worth. Here the models are the judge itself at two ' +
    'temperatures; “lenient” is a judge with a known bias, “coin” one whose verdicts are worth nothing.',
  needs: { subjects: 'one answer at a time', labels: true, ownItems: true, microLanguage: true },
  fields: FIELDS,
  main: ['labels', 'answers'],
  cost: ({ answers }, speed) => [
    judgingCost('Sitting the exam', MODELS * answers, 1, { ...speed, judgmentLength: ANSWER_LENGTH }),
    judgingCost('Judging the answers', MODELS * answers, 1, speed),
  ],
  data: ({ seed, answers }) =>
    factsAbout('exam in the micro language', { generator: MICRO_VERSION, families: FACT_FAMILIES, seed, answers }, answers), // prettier-ignore
  run: runLab,
  analyse: analyseRows,
  released,
  report: reportOf,
  paperFound:
    'A judge that is no better than the model it judges can never be worth more than twice the labels, however many ' +
    'verdicts it gives. On MMLU, MT-Bench and TruthfulQA the factor stayed below 2, except for strong judges on very ' +
    'weak models.',
  says: sentenceOf,
});
