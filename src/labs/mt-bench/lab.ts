import { MICRO_VERSION } from '../../data/micro/items.ts';
import { judgingCost } from '../../harness/cost.ts';
import { factsAbout } from '../data-facts.ts';
import { defineLab } from '../lab.ts';
import { fields } from './fields.ts';
import { released } from './released.ts';
import { reportOf } from './report.ts';
import type { MtBenchResult } from './result.ts';
import { runContest } from './run.ts';
import { sentenceOf } from './says.ts';
import { outcomeOfRows } from './verdicts.ts';

export const lab = defineLab<typeof fields, MtBenchResult>({
  id: 'mt-bench',
  title: 'MT-Bench and Chatbot Arena',
  group: 'trust',
  paper: {
    title: 'Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena',
    authors: 'Zheng and others',
    year: 2023,
    arxiv: '2306.05685',
  },
  question: 'Does the judge vote as people do, and who leads the table?',
  about:
    'Two contestants answer the same question, and somebody says which answer is better. Agreement is how often two ' +
    'votes on the same answers are the same: S1 counts all votes, S2 those that name a winner. Ratings turn the battles ' +
    'into a table, and their intervals say which places are sure. With the released votes GPT-4 meets people; with this ' +
    'judge, its own answers at several temperatures meet each other and the rules of the tasks play the human.',
  needs: { subjects: 'two answers', labels: false, ownItems: false, microLanguage: true },
  fields,
  main: ['questions', 'contestants', 'attackCases'],
  cost: ({ questions, contestants, attackCases }, speed) => {
    const pairs = (questions * contestants * (contestants - 1)) / 2;
    // Each answer alone, each battle in both orders; two attacks.
    const judgments = questions * contestants + 2 * pairs + 2 * attackCases * 3;
    return [
      judgingCost('Sitting the exam', questions * contestants, 1, speed),
      judgingCost('Comparing the answers', judgments, 1, speed),
    ];
  },
  data: ({ questions, contestants, seed }) =>
    factsAbout(
      'exam in the micro language',
      { generator: MICRO_VERSION, seed, questions, contestants },
      questions,
    ),
  run: runContest,
  analyse: outcomeOfRows,
  released,
  report: reportOf,
  paperFound:
    'On MT-bench GPT-4 and people name the same winner in 85 % of the votes in which both name one, people among each ' +
    'other in 81 %. Exchanging the two answers changed a verdict of GPT-4 in about a third of the cases; saying a list ' +
    'twice fooled GPT-3.5 and Claude in 91 % of 23 cases, GPT-4 in 9 %.',
  says: sentenceOf,
});
