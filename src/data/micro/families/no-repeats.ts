import { scoreOfFaults, type Family, type Grade } from '../family.ts';
import { itemsIn } from '../free-answer.ts';
import { membersOf } from '../words.ts';
import { askForList, readListTask, writeList } from './list.ts';

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
        const all = draw.shuffled([...words, ...again]);
        return { response: writeList(draw, all), ...gradeRepeats(all) };
      },
    };
  },
  grade(instruction, response) {
    return readListTask(instruction) && gradeRepeats(itemsIn(response));
  },
};

function gradeRepeats(words: readonly string[]): Grade {
  const plain = words.map((word) => word.toLowerCase());
  const marks = plain.map((word, i) => (plain.indexOf(word) < i ? 'again' : 'new'));
  const repeats = marks.filter((mark) => mark === 'again').length;
  return {
    steps: `Seen: ${words.map((word, i) => `${word} ${marks[i]}`).join(', ')}.`,
    summary: `Repeats: ${repeats}.`,
    score: scoreOfFaults(repeats),
  };
}
