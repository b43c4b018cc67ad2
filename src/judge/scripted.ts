/**
 * Judges of a few lines, whose verdicts on any data can be worked out exactly: what a lab says about them is its
 * proof that it measures rightly. All are pure: the same seed and items give the same verdicts, in any order.
 */
import type { Item, Score } from './item.ts';
import { random } from './random.ts';
import type { Winner } from './winner.ts';
import { wordsIn } from './words.ts';

/** Grades one answer; null where it cannot (no true score, no reference). */
export type ScriptedGrader = (item: Item) => Score | null;

/** Names the better of two answers, in the order in which they are shown; null where it cannot. */
export type ScriptedComparer = (shown: readonly [Item, Item]) => Winner | null;

/** The true score of an item: its label, unless a lab knows better (the micro world's oracle). */
export type Truth = ScriptedGrader;

const labelled: Truth = ({ score }) => score ?? null;

/** Graders by name. `seed` names their draws; those that draw nothing ignore it. */
export const SCRIPTED_GRADERS = {
  content: () => labelled,
  lenient: (seed: number) => lenientGrader(seed, 0.5),
  exact: () => exactGrader,
  contains: () => containsGrader,
  coin: coinGrader,
  'style-lover': () => styleGrader,
} as const satisfies Record<string, (seed: number) => ScriptedGrader>;

/** Adds one level to the truth with this probability, up to 5. */
export function lenientGrader(seed: number, probability: number, truth: Truth = labelled): ScriptedGrader {
  return (item) => {
    const score = truth(item);
    const raised = random(seed, 'lenient', item.id)() < probability;
    return score !== null && score < 5 && raised ? ((score + 1) as Score) : score;
  };
}

/** 5 for exactly the reference's words in their order, upper or lower case and punctuation apart; 1 otherwise. */
export const exactGrader: ScriptedGrader = ({ response, reference }) =>
  reference === undefined ? null : passOrFail(phrase(response) === phrase(reference));

/** 5 where the reference's words stand together anywhere in the answer; 1 otherwise. */
export const containsGrader: ScriptedGrader = ({ response, reference }) =>
  reference === undefined ? null : passOrFail(phrase(response).includes(phrase(reference)));

/** 5 or 1, each half of the time. */
export function coinGrader(seed: number): ScriptedGrader {
  return ({ id }) => passOrFail(random(seed, 'coin', id)() < 0.5);
}

/** Sees the manner only: 5 for the opening "Here:", otherwise one level for each word, up to 4. */
export const styleGrader: ScriptedGrader = ({ response }) => {
  if (/^\s*here:/i.test(response)) return 5;
  return Math.min(4, Math.max(1, wordsIn(response).length)) as Score;
};

const passOrFail = (pass: boolean): Score => (pass ? 5 : 1);

/** With a space at both ends, so that "Rome" is not found in "Romeo". */
const phrase = (text: string) => ` ${wordsIn(text).join(' ')} `;

/** Comparers by name, as above. */
export const SCRIPTED_COMPARERS = {
  content: () => comparing(labelled),
  'style-lover': () => comparing(styleGrader),
  'always-first': () => () => 1,
  'always-tie': () => () => 0,
  coin: coinComparer,
} as const satisfies Record<string, (seed: number) => ScriptedComparer>;

/** Prefers what this grader grades higher; equal scores are a tie. */
export function comparing(grader: ScriptedGrader): ScriptedComparer {
  return ([first, second]) => {
    const scores = [grader(first), grader(second)] as const;
    return scores[0] === null || scores[1] === null ? null : (Math.sign(scores[0] - scores[1]) as Winner);
  };
}

/** Either answer, each half of the time; the two orders of a pair are two independent throws. Never a tie. */
export function coinComparer(seed: number): ScriptedComparer {
  return ([first, second]) => (random(seed, 'coin', first.id, second.id)() < 0.5 ? 1 : -1);
}
