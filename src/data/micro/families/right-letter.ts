import { rightForScore, scoreOfShare, type Family, type GradedAnswer } from '../family.ts';
import type { RandomStream } from '../random.ts';
import { LETTERS, NOUNS } from '../words.ts';
import { writeList } from './list.ts';

/** Does each word begin with the letter that was asked for? */
export const rightLetter: Family = {
  name: 'list: right letter',
  criterion: 'right letter',
  rule: '1 + 4 × the share of words that begin with the letter, rounded',
  weight: 6,
  ask(random, size) {
    const letter = random.pick(LETTERS);
    const asked = random.between(2, size === 'small' ? 3 : 4);
    return {
      instruction: `List ${asked} words with ${letter}.`,
      answer(draw, target) {
        const fitting = rightForScore(draw, asked, target);
        return gradeLetters(draw, letter, drawWords(draw, letter, asked, fitting));
      },
    };
  },
};

function drawWords(random: RandomStream, letter: string, count: number, fitting: number): string[] {
  const right = NOUNS.filter((word) => word.startsWith(letter));
  const wrong = NOUNS.filter((word) => !word.startsWith(letter));
  return random.shuffled([...random.sample(right, fitting), ...random.sample(wrong, count - fitting)]);
}

function gradeLetters(random: RandomStream, letter: string, words: readonly string[]): GradedAnswer {
  const steps = words.map(
    (word) => ` ${word}: ${word.charAt(0)}, ${word.startsWith(letter) ? 'yes' : 'no'}.`,
  );
  const fit = words.filter((word) => word.startsWith(letter)).length;
  return {
    response: writeList(random, words),
    steps: `Wanted ${letter}.${steps.join('')}`,
    summary: `${fit} of ${words.length} fit.`,
    score: scoreOfShare(fit, words.length),
  };
}
