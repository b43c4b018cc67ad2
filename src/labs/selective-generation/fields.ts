import { count, real, type ValuesOf, seed } from '../../harness/fields.ts';

export const fields = {
  questions: count({
    label: 'Questions',
    hint: 'How many exam questions (lists, facts, sums) the judge answers itself.',
    default: 150,
    least: 10,
    most: 600,
  }),
  answers: count({
    label: 'Answers to each',
    hint: 'How many answers are sampled to each question; equal ones count once.',
    default: 4,
    least: 2,
    most: 16,
  }),
  temperature: real({
    label: 'Temperature',
    hint: 'How freely it answers: 1 draws from the model as it is, less is safer and more alike.',
    default: 1,
    least: 0.1,
    most: 2,
  }),
  seed: seed('Names the questions and the draws: the same seed gives the same run.'),
};

export type Settings = ValuesOf<typeof fields>;
