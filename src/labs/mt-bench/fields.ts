import { count, type ValuesOf, seed } from '../../harness/fields.ts';
import { MOST_CONTESTANTS } from './contest.ts';

export const fields = {
  questions: count({
    label: 'Exam questions',
    hint: 'Each contestant answers each, and every two different answers to a question meet in a battle.',
    default: 60,
    least: 4,
    most: 400,
  }),
  contestants: count({
    label: 'Contestants',
    hint: 'The judge itself at so many temperatures, the coolest first: the freer it writes, the more it errs.',
    default: 4,
    least: 2,
    most: MOST_CONTESTANTS,
  }),
  attackCases: count({
    label: 'Answers to attack',
    hint: 'So many answers are padded, and so many lists repeated, to see whether the judge falls for it.',
    default: 24,
    least: 0,
    most: 200,
  }),
  resamples: count({
    label: 'Bootstrap draws',
    hint: 'Intervals come from drawing battles, or questions, anew so many times.',
    default: 400,
    least: 100,
    most: 2000,
  }),
  seed: seed('Another seed asks other questions, draws other answers and lets other ones stand first.'),
};

export type MtBenchSettings = ValuesOf<typeof fields>;
