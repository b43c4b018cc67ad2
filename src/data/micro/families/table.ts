import type { Family } from '../family.ts';
import { arithmetic } from './arithmetic.ts';
import { correctItems } from './correct-items.ts';
import { capitals, opposites, youngAnimals } from './facts.ts';
import { forbiddenWords } from './forbidden-words.ts';
import { noRepeats } from './no-repeats.ts';
import { requiredWords } from './required-words.ts';
import { rightCount } from './right-count.ts';
import { rightLetter } from './right-letter.ts';
import { sorting } from './sorting.ts';
import { tone } from './tone.ts';
import { wordLimit } from './word-limit.ts';

/** Every family of micro tasks. Adding one means a file and a line here (and a new MICRO_VERSION). */
export const FAMILIES: readonly Family[] = [
  correctItems, rightCount, noRepeats, rightLetter, capitals, opposites, youngAnimals,
  arithmetic, sorting, requiredWords, forbiddenWords, wordLimit, tone,
]; // prettier-ignore

/** The embedded judge's own criteria, in the order of the table, each with its formula in words. */
export const CRITERIA: readonly { criterion: string; rule: string }[] = [
  ...new Map(FAMILIES.map(({ criterion, rule }) => [criterion, { criterion, rule }])).values(),
];
