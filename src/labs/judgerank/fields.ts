import { choice, count, type ValuesOf, seed } from '../../harness/fields.ts';

export const FIELDS = {
  seed: seed('Decides which queries and passages are drawn, and the draws behind the intervals.'),
  queriesPerKind: count({
    label: 'Queries of each kind',
    hint: 'There are four kinds; in your own items, a kind is a family or group. More queries give narrower intervals.',
    default: 24,
    least: 1,
    most: 40,
  }),
  passages: count({
    label: 'Passages a query',
    hint: 'Your own items: those that share an instruction and its criterion are the passages of one query, at most this many.',
    default: 10,
    least: 2,
    most: 20,
  }),
  shownQuery: count({
    label: 'Query in the slope chart',
    hint: 'Its number; 0 shows the one on which the first two orders differ most.',
    default: 0,
    least: 0,
    most: 100_000,
  }),
  cutoff: count({
    label: 'Places that count (k)',
    hint: 'nDCG@k looks at the first k places of each ranking.',
    default: 10,
    least: 1,
    most: 100,
  }),
  gain: choice({
    label: 'Gain',
    hint: 'What a relevance grade is worth: itself, or 2^grade − 1, which stresses the best passages.',
    default: 'linear',
    options: { linear: 'linear', exponential: 'exponential' },
  }),
  maxTokens: count({
    label: 'Longest analysis',
    hint: 'In tokens; longer ones are cut and cannot be read.',
    default: 110,
    least: 8,
    most: 4096,
  }),
};

export type RankSettings = ValuesOf<typeof FIELDS>;
