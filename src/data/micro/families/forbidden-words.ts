import { scoreOfFaults, type Family, type Grade } from '../family.ts';
import { THINGS } from '../words.ts';
import { readSentenceTask, sentenceOf, usedIn } from './sentence.ts';

/** Does the sentence keep clear of the forbidden words? */
export const forbiddenWords: Family = {
  name: 'forbidden words',
  criterion: 'avoids words',
  rule: '5 less the number of forbidden words that are used, at least 1',
  weight: 7,
  ask(random, size) {
    const words = random.sample(THINGS, size === 'small' ? random.between(1, 3) : random.pick([2, 3, 4, 4]));
    return {
      instruction: `Write a sentence without ${words.join(', ')}.`,
      answer(draw, target) {
        const used = draw.sample(words, Math.min(words.length, 5 - target));
        const allowed = THINGS.filter((thing) => !words.includes(thing));
        const others = draw.sample(allowed, used.length > 1 ? draw.between(0, 1) : draw.between(1, 2));
        return {
          response: sentenceOf(draw.shuffled([...used, ...others])),
          ...gradeBans(words, used),
        };
      },
    };
  },
  grade(instruction, response) {
    const words = readSentenceTask(instruction, 'without');
    return words && gradeBans(words, usedIn(words, response));
  },
};

function gradeBans(words: readonly string[], used: readonly string[]): Grade {
  return {
    steps: `Banned: ${words.map((word) => `${word} ${used.includes(word) ? 'yes' : 'no'}`).join(', ')}.`,
    summary: `Used: ${used.length}.`,
    score: scoreOfFaults(used.length),
  };
}
