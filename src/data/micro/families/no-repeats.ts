import { scoreOfFaults, type Family, type GradedAnswer } from '../family.ts';
import type { RandomStream } from '../random.ts';
import { membersOf } from '../words.ts';
import { askForList, writeList } from './list.ts';

/** Does each word stand in the list once only? */
export const noRepeats: Family = {
  name: 'list: no repeats',
  criterion: 'no repeats',
  rule: '5 less the number of repeated items, at least 1',
  weight: 8,
  ask(random, size) {
    const task = askForList(random, size === 'small' ? 3 : 4, size === 'small' ? 4 : 6);
    return {
      instruction: task.instruction,
      answer(draw, target) {
        const repeats = Math.min(5 - target, task.asked - 1);
        const words = draw.sample(membersOf(task.category), task.asked - repeats);
        const again = Array.from({ length: repeats }, () => draw.pick(words));
        return gradeRepeats(draw, draw.shuffled([...words, ...again]));
      },
    };
  },
};

function gradeRepeats(random: RandomStream, words: readonly string[]): GradedAnswer {
  const marks = words.map((word, i) => (words.indexOf(word) < i ? 'again' : 'new'));
  const repeats = marks.filter((mark) => mark === 'again').length;
  return {
    response: writeList(random, words),
    steps: `Seen: ${words.map((word, i) => `${word} ${marks[i]}`).join(', ')}.`,
    summary: `Repeats: ${repeats}.`,
    score: scoreOfFaults(repeats),
  };
}
