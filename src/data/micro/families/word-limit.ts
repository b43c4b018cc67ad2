import { faultsForScore, scoreOfFaults, type Family, type Grade } from '../family.ts';
import { withoutMarks } from '../free-answer.ts';
import type { RandomStream } from '../random.ts';
import { ADJECTIVES, THINGS, withArticle } from '../words.ts';

/** Does the description keep within the number of words? */
export const wordLimit: Family = {
  name: 'word limit',
  criterion: 'within limit',
  rule: '5 less the number of words over the limit, at least 1',
  weight: 11,
  ask(random, size) {
    const noun = random.pick(THINGS);
    const limit = random.between(4, size === 'small' ? 5 : 7);
    return {
      instruction: `Describe ${withArticle(noun)} in at most ${limit} words.`,
      answer(draw, target) {
        const over = faultsForScore(draw, target);
        const count = over > 0 ? limit + over : Math.max(4, limit - draw.between(0, 2));
        const words = describe(draw, noun, count);
        return { response: `${words.join(' ')}.`, ...gradeLength(limit, words) };
      },
    };
  },
  grade(instruction, response) {
    const [, limit] = /^Describe an? \p{L}+ in at most (\d{1,4}) words\.$/u.exec(instruction) ?? [];
    const words = response
      .split(/\s+/)
      .map(withoutMarks)
      .filter((word) => word !== '');
    return limit ? gradeLength(Number(limit), words) : null;
  },
};

/** "the goat is big and calm": exactly `count` words, at least four. */
function describe(random: RandomStream, noun: string, count: number): string[] {
  const words = ['the', noun, 'is'];
  const adjectives = random.shuffled(ADJECTIVES);
  while (words.length < count) {
    const wantsAnd = words.length > 3 && words.at(-1) !== 'and' && words.length < count - 1;
    words.push(wantsAnd && random.chance(0.5) ? 'and' : (adjectives.pop() ?? 'very'));
  }
  return words;
}

function gradeLength(limit: number, words: readonly string[]): Grade {
  const over = Math.max(0, words.length - limit);
  const grade: Grade = {
    steps: `Words:${words.map((word, i) => ` ${i + 1} ${word}`).join('')}. ${words.length} words, limit ${limit}.`,
    summary: `Over by ${over}.`,
    score: scoreOfFaults(over),
  };
  // The slip: a passed limit stands as if it had been kept.
  return over === 0 ? grade : { ...grade, slip: { summary: 'Over by 0.', score: 5 } };
}
