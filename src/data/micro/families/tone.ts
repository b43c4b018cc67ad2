import type { Score } from '../../../judge/item.ts';
import type { Family, GradedAnswer } from '../family.ts';
import type { RandomStream } from '../random.ts';
import { NEUTRAL_PHRASES, POLITE_WORDS, RUDE_WORDS } from '../words.ts';

/** Is the reply polite? */
export const tone: Family = {
  name: 'tone',
  criterion: 'polite tone',
  rule: '3 + polite words − rude words, between 1 and 5',
  weight: 10,
  ask(random, size) {
    return {
      instruction: random.pick(['Reply to a customer.', 'Answer the complaint.', 'Write to a client.']),
      answer: (draw, target) => writeReply(draw, target, size === 'small' ? 2 : 3),
    };
  },
};

function writeReply(random: RandomStream, target: Score, most: number): GradedAnswer {
  const [polite, rude] = random.pick(mixesFor(target, most));
  const politeWords = random.sample(POLITE_WORDS, polite);
  const rudeWords = random.sample(RUDE_WORDS, rude);
  const neutral = random.sample(NEUTRAL_PHRASES, random.between(1, 3));
  const phrases = random.shuffled([...politeWords, ...rudeWords, ...neutral]);
  const inOrder = (words: string[]) =>
    phrases.filter((phrase) => words.includes(phrase)).join(', ') || 'none';
  return {
    response: `${phrases.join(', ')}.`,
    steps: `Polite: ${inOrder(politeWords)}. Rude: ${inOrder(rudeWords)}.`,
    summary: `${polite} polite, ${rude} rude.`,
    score: target,
  };
}

/** All counts of polite and rude words, at most `most` together, that score exactly `target`. */
function mixesFor(target: Score, most: number): [polite: number, rude: number][] {
  const counts = Array.from({ length: most + 1 }, (_, count) => count);
  const mixes = counts.flatMap((polite) => counts.map((rude): [number, number] => [polite, rude]));
  return mixes.filter(([p, r]) => p + r <= most && Math.min(5, Math.max(1, 3 + p - r)) === target);
}
