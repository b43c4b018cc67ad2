import { MICRO_VERSION } from '../../data/micro/items.ts';
import { judgingCost } from '../../harness/cost.ts';
import { factsAbout } from '../data-facts.ts';
import { defineLab } from '../lab.ts';
import { FIELDS } from './fields.ts';
import type { JudgingTheJudges } from './measure.ts';
import { released } from './released.ts';
import { reportOf } from './report.ts';
import { FAMILIES, runLab } from './run.ts';
import { sentenceOf } from './sentence.ts';
import { analyseRows } from './verdicts.ts';

const TAKERS = 3;

/** An answer to a short question, in tokens. */
const ANSWER_LENGTH = 8;

export const lab = defineLab<typeof FIELDS, JudgingTheJudges>({
  id: 'judging-the-judges',
  title: 'Judging the Judges',
  group: 'trust',
  paper: {
    title: 'Judging the Judges: Evaluating Alignment and Vulnerabilities in LLMs-as-Judges',
    authors: 'Thakur and others',
    year: 2024,
    arxiv: '2406.12624',
  },
  question: 'Can a judge agree less with the truth and still rank better?',
  about:
    'Exam takers answer questions with one right answer, and judges pass or fail them. Plain agreement is kind to a ' +
    'judge that passes nearly everything, so agreement beyond chance (κ and π) stands beside it, with what the judge ' +
    'passes and fails by mistake. Then the exam takers are ranked by each judge’s verdicts and by the truth: faults ' +
    'that fall on all takers alike leave the ranking as it is. Here the takers are the judge’s own answers at several ' +
    'temperatures; three judges of a few lines stand beside it: “contains” and “exact” compare with the reference ' +
    'answer, and “coin” throws one.',
  needs: { subjects: 'one answer at a time', labels: true, ownItems: true, microLanguage: true },
  fields: FIELDS,
  main: ['questions', 'threshold'],
  cost: ({ questions }, speed) => [
    judgingCost('Sitting the exam', TAKERS * questions, 1, { ...speed, judgmentLength: ANSWER_LENGTH }),
    judgingCost('Judging the answers', TAKERS * questions, 1, speed),
  ],
  data: ({ seed, questions }) =>
    factsAbout('exam in the micro language', { generator: MICRO_VERSION, families: FAMILIES, seed, questions }, questions), // prettier-ignore
  run: runLab,
  analyse: analyseRows,
  released,
  report: reportOf,
  paperFound:
    'Nine exam takers, human verdicts: GPT-4 and Llama-3-70B agreed best with people, small judges were lenient, and a ' +
    'high plain agreement could hide large gaps between given and true scores. “Contains” and JudgeLM-7B agreed far ' +
    'less and still ranked the exam takers nearly as people did.',
  says: sentenceOf,
});
