import { rightForScore, scoreOfShare, type Family, type GradedAnswer } from '../family.ts';
import type { RandomStream } from '../random.ts';
import { CATEGORY_OF } from '../words.ts';
import { askForList, drawMembers, writeList } from './list.ts';

/** Does each word of the list belong to the category? How many there are is not asked here. */
export const correctItems: Family = {
  name: 'list: correct items',
  criterion: 'correct items',
  rule: '1 + 4 × the share of items that belong to the category, rounded',
  weight: 11,
  ask(random, size) {
    const task = askForList(random, 2, size === 'small' ? 3 : 5);
    return {
      instruction: task.instruction,
      answer(draw, target) {
        const given = Math.max(2, task.asked + (draw.chance(0.3) ? draw.pick([-1, 1]) : 0));
        const fitting = rightForScore(draw, given, target);
        return gradeItems(draw, task.category, drawMembers(draw, task.category, given, fitting));
      },
    };
  },
};

function gradeItems(random: RandomStream, category: string, words: string[]): GradedAnswer {
  const kinds = words.map((word) => CATEGORY_OF.get(word));
  const steps = words.map((word, i) => ` ${word}: ${kinds[i]}, ${kinds[i] === category ? 'yes' : 'no'}.`);
  const fit = kinds.filter((kind) => kind === category).length;
  return {
    response: writeList(random, words),
    steps: `Wanted ${category}.${steps.join('')}`,
    summary: `${fit} of ${words.length} fit.`,
    score: scoreOfShare(fit, words.length),
  };
}
