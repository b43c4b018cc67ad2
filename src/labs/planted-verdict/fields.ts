import { count, type ValuesOf, seed } from '../../harness/fields.ts';

export const fields = {
  answers: count({
    label: 'Wrong answers',
    hint: 'Held-out answers whose true score is below 5. Each is judged as it is, and once with each text planted in it.',
    default: 300,
    least: 10,
    most: 2000,
  }),
  resamples: count({
    label: 'Bootstrap draws',
    hint: 'Intervals of differences come from drawing answers anew so many times.',
    default: 1000,
    least: 100,
    most: 5000,
  }),
  seed: seed('Another seed takes other answers.'),
};

export type Settings = ValuesOf<typeof fields>;
