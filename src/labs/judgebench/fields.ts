import { choice, count, real, type ValuesOf, seed } from '../../harness/fields.ts';

export const fields = {
  questions: count({
    label: 'Exam questions',
    hint: 'The judge answers each itself; about a third of them get both a right and a wrong answer, and make a pair.',
    default: 300,
    least: 10,
    most: 1000,
  }),
  samples: count({
    label: 'Answers per question',
    hint: 'More answers make it likelier that one is right and one is wrong.',
    default: 4,
    least: 2,
    most: 16,
  }),
  rule: choice({
    label: 'Rule',
    hint:
      'Both orders: votes for the right answer less those for the wrong one must be above 0. One game, as for reward ' +
      'models: the first verdict on a pair counts alone. Of a file, verdict and label must name the answer in the same ' +
      'order: both as it was shown, or both as the pair itself has it.',
    options: { both: 'both orders', single: 'one game' },
    default: 'both',
  }),
  temperature: real({
    label: 'Temperature',
    hint: 'How freely the answers are drawn; at 0 all answers to a question are the same and there is no pair.',
    default: 1,
    least: 0.1,
    most: 2,
  }),
  seed: seed('Another seed asks other questions and draws other answers.'),
};

export type JudgeBenchSettings = ValuesOf<typeof fields>;
