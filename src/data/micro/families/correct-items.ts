import { rightForScore, scoreOfShare, type Family, type Grade } from '../family.ts';
import { itemsIn } from '../free-answer.ts';
import { CATEGORY_OF } from '../words.ts';
import { askForList, drawMembers, readListTask, writeList } from './list.ts';

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
        const words = drawMembers(draw, task.category, given, fitting);
        return { response: writeList(draw, words), ...gradeItems(task.category, words) };
      },
    };
  },
  grade(instruction, response) {
    const task = readListTask(instruction);
    return task && gradeItems(task.category, itemsIn(response));
  },
};

function gradeItems(category: string, words: readonly string[]): Grade {
  const kinds = words.map((word) => CATEGORY_OF.get(word.toLowerCase()) ?? 'unknown');
  const steps = words.map((word, i) => ` ${word}: ${kinds[i]}, ${kinds[i] === category ? 'yes' : 'no'}.`);
  const fit = kinds.filter((kind) => kind === category).length;
  return {
    steps: `Wanted ${category}.${steps.join('')}`,
    summary: `${fit} of ${words.length} fit.`,
    score: scoreOfShare(fit, words.length),
  };
}
