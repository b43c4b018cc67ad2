/**
 * The people of this little world who wrote the seed judge's training data. Labels of the data set are always
 * the true scores; what an annotator writes is only ever training text for the seed judge.
 */
import type { Score } from '../../judge/item.ts';
import { rationaleOf, type GradedAnswer } from './family.ts';
import type { RandomStream } from './random.ts';

/** A judgment as an annotator writes it. */
export interface Annotation {
  rationale: string;
  score: Score;
}

export type Annotator = (answer: GradedAnswer, random: RandomStream) => Annotation;

/** Writes the truth: annotates the base judge's training data. */
export const faithful: Annotator = (answer) => ({ rationale: rationaleOf(answer), score: answer.score });

/** How often each fault shows: the model card states these numbers. */
export const FAULTS = {
  /** In the slip condition the last figures are written as if they were right, and the score follows. */
  slip: 0.6,
  /** Scores 2–4 raised by one, and by two. */
  raisePartial: 0.55,
  raisePartialTwice: 0.07,
  /** Scores of 1 raised by one. */
  raiseLowest: 0.3,
} as const;

/** Lets some faults stand, and is lenient about those that it sees. */
export const imperfect: Annotator = (answer, random) => {
  const slips = answer.slip !== undefined && random.chance(FAULTS.slip);
  const seen = slips ? { ...answer, ...answer.slip } : answer;
  return { rationale: rationaleOf(seen), score: lenient(seen.score, random) };
};

function lenient(score: Score, random: RandomStream): Score {
  const draw = random.uniform();
  if (score === 5) return 5;
  if (score === 1) return draw < FAULTS.raiseLowest ? 2 : 1;
  if (draw < FAULTS.raisePartialTwice) return Math.min(5, score + 2) as Score;
  return (draw < FAULTS.raisePartialTwice + FAULTS.raisePartial ? score + 1 : score) as Score;
}
