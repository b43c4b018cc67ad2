import { MICRO_VERSION } from '../../data/micro/items.ts';
import { atOnce, inSlices } from '../../judge/steps.ts';
import { judgingCost, readingCost } from '../../harness/cost.ts';
import { factsAbout } from '../data-facts.ts';
import { defineLab } from '../lab.ts';
import { analyseAnswers } from './analysis.ts';
import type { AnsweredQuestion } from './answered-question.ts';
import { askJudges } from './ask.ts';
import { exhibitsOf } from './exhibits.ts';
import { fields } from './fields.ts';
import { reportOf } from './report.ts';
import type { SelectiveResult } from './result.ts';
import { sentenceOf } from './sentence.ts';
import { questionsOfRows } from './verdict-rows.ts';

/** Which of our measures stands for the paper's claim was settled beforehand: the best of several would flatter. */
const COMPARED = 'eval';

export const lab = defineLab<typeof fields, SelectiveResult>({
  id: 'selective-generation',
  title: 'Selective generation',
  group: 'doubt',
  paper: {
    title: 'Self-Evaluation Improves Selective Generation in Large Language Models',
    authors: 'Ren and others',
    year: 2023,
    arxiv: '2312.09300',
  },
  question: 'Which number should decide when a model stays silent?',
  about:
    'The judge answers exam questions itself, several times each. One number per answer picks the best of them and ' +
    'says how sure to be: how likely the answer was to its writer, the same per token, or what the judge thinks of the ' +
    'answer when it reads it again. A good number is high on right answers and low on wrong ones, so that holding ' +
    'back the least sure answers leaves the right ones.',
  needs: { subjects: 'its own answers, one at a time', labels: false, ownItems: false, microLanguage: true },
  fields,
  main: ['questions', 'answers', 'temperature'],
  cost: ({ questions, answers }, speed) => [
    judgingCost('Sitting the exam', questions, answers, { ...speed, judgmentLength: ANSWER_LENGTH }),
    judgingCost('Judging the answers', questions * answers, 1, speed),
    readingCost('Reading the scores', questions * answers, speed),
  ],
  data: ({ questions, seed }) =>
    factsAbout('exam questions of the micro world', { generator: MICRO_VERSION, seed, questions }, questions),
  run: async (bench, settings) =>
    inSlices(outcomeOf(await askJudges(bench, settings), settings.seed, COMPARED)),
  analyse: (rows, { seed }) => atOnce(outcomeOf(questionsOfRows(rows), seed)),
  report: reportOf,
  paperFound:
    'PaLM-2 on TruthfulQA: as a number that tells right answers from wrong ones, likelihood did worse than chance ' +
    '(Calibration-AUC 0.40), asking the model about its own answer reached 0.74, and picking by letter with “none of ' +
    'the above” as a way out, then asking, 0.75.',
  says: sentenceOf,
});

/** An exam's answer is about as long as this, far shorter than a judgment. */
const ANSWER_LENGTH = 15;

function* outcomeOf(questions: readonly AnsweredQuestion[], seed: number, compared?: string) {
  const result = yield* analyseAnswers(questions, seed, compared);
  return { result, exhibits: exhibitsOf(questions, result, seed) };
}
