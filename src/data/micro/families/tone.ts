import type { Score } from '../../../judge/item.ts';
import type { Family, Grade, GradedAnswer } from '../family.ts';
import { wordsIn } from '../../../judge/words.ts';
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
      instruction: random.pick(INSTRUCTIONS),
      answer: (draw, target) => writeReply(draw, target, size === 'small' ? 2 : 3),
    };
  },
  grade(instruction, response) {
    if (!INSTRUCTIONS.includes(instruction)) return null;
    return gradeTone(phrasesIn(response, POLITE_WORDS), phrasesIn(response, RUDE_WORDS));
  },
};

const INSTRUCTIONS: readonly string[] = [
  'Reply to a customer.',
  'Answer the complaint.',
  'Write to a client.',
];

function writeReply(random: RandomStream, target: Score, most: number): GradedAnswer {
  const [polite, rude] = random.pick(mixesFor(target, most));
  const politeWords = random.sample(POLITE_WORDS, polite);
  const rudeWords = random.sample(RUDE_WORDS, rude);
  const neutral = random.sample(NEUTRAL_PHRASES, random.between(1, 3));
  const phrases = random.shuffled([...politeWords, ...rudeWords, ...neutral]);
  const inOrder = (words: string[]) => phrases.filter((phrase) => words.includes(phrase));
  return {
    response: `${phrases.join(', ')}.`,
    ...gradeTone(inOrder(politeWords), inOrder(rudeWords)),
  };
}

function gradeTone(polite: readonly string[], rude: readonly string[]): Grade {
  return {
    steps: `Polite: ${polite.join(', ') || 'none'}. Rude: ${rude.join(', ') || 'none'}.`,
    summary: `${polite.length} polite, ${rude.length} rude.`,
    score: toneScore(polite.length, rude.length),
  };
}

const toneScore = (polite: number, rude: number) => Math.min(5, Math.max(1, 3 + polite - rude)) as Score;

/** Every time that one of the phrases is said, in order. */
function phrasesIn(text: string, phrases: readonly string[]): string[] {
  const plain = ` ${wordsIn(text).join(' ')} `;
  const places = phrases.flatMap((phrase) =>
    [...plain.matchAll(new RegExp(` ${phrase}(?= )`, 'g'))].map(({ index }) => ({ index, phrase })),
  );
  return places.sort((a, b) => a.index - b.index).map(({ phrase }) => phrase);
}

/** All counts of polite and rude words, at most `most` together, that score exactly `target`. */
function mixesFor(target: Score, most: number): [polite: number, rude: number][] {
  const counts = Array.from({ length: most + 1 }, (_, count) => count);
  const mixes = counts.flatMap((polite) => counts.map((rude): [number, number] => [polite, rude]));
  return mixes.filter(([p, r]) => p + r <= most && toneScore(p, r) === target);
}
