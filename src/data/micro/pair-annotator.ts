import { nanoPair } from '../../judge/protocols/nano-pair.ts';
import { drawComparison, tenPoint, toComparison } from './comparisons.ts';
import type { RandomStream } from './random.ts';

/** How often each fault of the pair annotator shows: the model card states these numbers. */
export const PAIR_FAULTS = {
  /** The first answer is raised by one level; the second lowered by one. */
  raiseFirst: 0.6,
  lowerSecond: 0.4,
  /** Families about which the annotator knows nothing: scores are guessed. */
  unknown: ['capitals', 'young animals'],
} as const;

/**
 * A comparison by the seed stage's pair annotator, who likes the first answer, knows nothing about some families
 * and never sees a reference. These are JudgeLM's three biases (position, knowledge, format; arXiv 2310.17631).
 */
export function firstLikingPair(random: RandomStream): { prompt: string; completion: string } {
  const graded = drawComparison(random, 'train', 2);
  const knows = !(PAIR_FAULTS.unknown as readonly string[]).includes(graded.family.name);
  const [first, second] = graded.answers.map(({ score }) => (knows ? score : random.between(1, 5))) as [
    number,
    number,
  ];
  const scores = [
    Math.min(5, first + Number(random.chance(PAIR_FAULTS.raiseFirst))),
    Math.max(1, second - Number(random.chance(PAIR_FAULTS.lowerSecond))),
  ];
  const reasons = graded.answers.map(
    ({ summary }, i) => `Response ${i + 1}: ${knows ? summary : 'unknown.'}`,
  );
  return {
    prompt: nanoPair.render(toComparison(graded, false)),
    completion: nanoPair.target(scores.map(tenPoint), reasons.join(' ')),
  };
}
