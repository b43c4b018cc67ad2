import { rightForScore, scoreOfShare, type Family, type Grade } from '../family.ts';
import { THINGS } from '../words.ts';
import { readSentenceTask, sentenceOf, usedIn } from './sentence.ts';

/** Does the sentence hold every word that was asked for? */
export const requiredWords: Family = {
  name: 'required words',
  criterion: 'uses every word',
  rule: '1 + 4 × the share of the words that are used, rounded',
  weight: 9,
  ask(random, size) {
    const words = random.sample(THINGS, random.between(2, size === 'small' ? 3 : 4));
    return {
      instruction: `Write a sentence with ${words.join(', ')}.`,
      answer(draw, target) {
        const used = draw.sample(words, rightForScore(draw, words.length, target));
        const others = draw.sample(
          THINGS.filter((thing) => !words.includes(thing)),
          used.length === 0 ? draw.between(1, 2) : draw.between(0, 1),
        );
        return {
          response: sentenceOf(draw.shuffled([...used, ...others])),
          ...gradeUse(words, used),
        };
      },
    };
  },
  grade(instruction, response) {
    const words = readSentenceTask(instruction, 'with');
    return words && gradeUse(words, usedIn(words, response));
  },
};

function gradeUse(words: readonly string[], used: readonly string[]): Grade {
  return {
    steps: `Words: ${words.map((word) => `${word} ${used.includes(word) ? 'yes' : 'no'}`).join(', ')}.`,
    summary: `${used.length} of ${words.length} used.`,
    score: scoreOfShare(used.length, words.length),
  };
}
