import { count, real, type ValuesOf, seed } from '../../harness/fields.ts';

const temperature = (label: string, hint: string, value: number) =>
  real({ label, hint, default: value, least: 0, most: 3 });

export const FIELDS = {
  questions: count({
    label: 'Questions',
    hint: 'How many questions each exam taker answers once.',
    default: 150,
    least: 4,
    most: 2000,
  }),
  threshold: count({
    label: 'Passes from score',
    hint: 'The judge passes an answer to which it gives this score or more; truly right is a 5 alone.',
    default: 5,
    least: 2,
    most: 5,
  }),
  firstTemperature: temperature('First taker’s temperature', 'At 0 it always says the likeliest.', 0),
  secondTemperature: temperature(
    'Second taker’s temperature',
    'Higher is bolder, and more often wrong.',
    0.7,
  ),
  thirdTemperature: temperature('Third taker’s temperature', 'Higher is bolder, and more often wrong.', 1.2),
  seed: seed('Varies the questions, the answers drawn and the bootstrap.'),
};

export type Settings = ValuesOf<typeof FIELDS>;
