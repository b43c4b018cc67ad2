import { count, real, type ValuesOf, seed } from '../../harness/fields.ts';

export const FIELDS = {
  labels: count({
    label: 'Labelled answers (n)',
    hint: 'How many answers of each model have a true label, drawn at random; the judge stands for the rest.',
    default: 40,
    least: 2,
    most: 10_000,
  }),
  answers: count({
    label: 'Answers of each model (n + N)',
    hint: 'Labelled and unlabelled together.',
    default: 200,
    least: 4,
    most: 10_000,
  }),
  threshold: count({
    label: 'Passes from score',
    hint: 'The judge passes an answer to which it gives this score or more; truly right is a 5 alone.',
    default: 5,
    least: 2,
    most: 5,
  }),
  firstTemperature: real({
    label: 'First model’s temperature',
    hint: 'The judged models are the judge itself; at 0 it always says the likeliest.',
    default: 0,
    least: 0,
    most: 3,
  }),
  secondTemperature: real({
    label: 'Second model’s temperature',
    hint: 'Higher is bolder, and more often wrong.',
    default: 1,
    least: 0,
    most: 3,
  }),
  seed: seed('Varies the questions, the answers and which of them are labelled.'),
};

export type Settings = ValuesOf<typeof FIELDS>;
