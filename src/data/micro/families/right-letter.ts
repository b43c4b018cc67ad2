import { rightForScore, scoreOfShare, type Family, type Grade } from '../family.ts';
import { itemsIn } from '../free-answer.ts';
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
        const words = drawWords(draw, letter, asked, fitting);
        return { response: writeList(draw, words), ...gradeLetters(letter, words) };
      },
    };
  },
  grade(instruction, response) {
    const [, letter] = /^List \d{1,4} words with ([a-z])\.$/.exec(instruction) ?? [];
    return letter ? gradeLetters(letter, itemsIn(response)) : null;
  },
};

function drawWords(random: RandomStream, letter: string, count: number, fitting: number): string[] {
  const right = NOUNS.filter((word) => word.startsWith(letter));
  const wrong = NOUNS.filter((word) => !word.startsWith(letter));
  return random.shuffled([...random.sample(right, fitting), ...random.sample(wrong, count - fitting)]);
}

function gradeLetters(letter: string, words: readonly string[]): Grade {
  const begins = (word: string) => word.toLowerCase().startsWith(letter);
  const steps = words.map((word) => ` ${word}: ${word.charAt(0)}, ${begins(word) ? 'yes' : 'no'}.`);
  const fit = words.filter(begins).length;
  return {
    steps: `Wanted ${letter}.${steps.join('')}`,
    summary: `${fit} of ${words.length} fit.`,
    score: scoreOfShare(fit, words.length),
  };
}
