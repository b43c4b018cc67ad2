import { count, real, type ValuesOf, seed } from '../../harness/fields.ts';

export const fields = {
  items: count({
    label: 'Items',
    hint: 'How many held-out items are judged: half of them fit the boundary, half test it.',
    default: 400,
    least: 20,
    most: 3000,
  }),
  samples: count({
    label: 'Judgments of each',
    hint: 'Sampled at temperature 1; their mean is the score, their spread the uncertainty.',
    default: 8,
    least: 2,
    most: 32,
  }),
  sigma: real({
    label: 'Precision wanted',
    hint: 'Of the items taken for a 5, at least this share shall be true ones (0 to 1).',
    default: 0.8,
    least: 0.05,
    most: 1,
  }),
  levels: count({
    label: 'Uncertainty levels',
    hint: 'Rows of the map: about equally many items each, as far as equal spreads can be parted.',
    default: 3,
    least: 1,
    most: 10,
  }),
  bins: count({
    label: 'Score bins',
    hint: 'Columns of the map: about equally many items each, as far as equal scores can be parted.',
    default: 8,
    least: 2,
    most: 40,
  }),
  splits: count({
    label: 'Random halves',
    hint: 'Over how many random divisions into halves the gain is averaged; one alone is mostly luck.',
    default: 20,
    least: 10,
    most: 200,
  }),
  seed: seed('Names the items, the draws and the halves: the same seed gives the same run.'),
};

export type Settings = ValuesOf<typeof fields>;
