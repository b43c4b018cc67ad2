import { faultsForScore, scoreOfFaults, type Family, type Grade, type GradedAnswer } from '../family.ts';
import { itemsIn } from '../free-answer.ts';
import type { RandomStream } from '../random.ts';
import { NOUNS } from '../words.ts';
import { askForList, drawMembers, readListTask, writeList } from './list.ts';

/** Are as many items given as were asked for? Whether they fit is not asked here. */
export const rightCount: Family = {
  name: 'list: right count',
  criterion: 'right count',
  rule: '5 less the difference between the items given and asked, at least 1',
  weight: 13,
  ask(random, size) {
    const task = askForList(random, 2, size === 'small' ? 4 : 6);
    return {
      instruction: task.instruction,
      answer(draw, target) {
        const given = countOffBy(draw, task.asked, faultsForScore(draw, target));
        const fitting = draw.between(Math.ceil(given / 2), given);
        const words = drawMembers(draw, task.category, given, Math.min(9, fitting));
        return { response: writeList(draw, words), ...gradeCount(task.asked, words) };
      },
    };
  },
  grade(instruction, response) {
    const task = readListTask(instruction);
    return task && gradeCount(task.asked, itemsIn(response));
  },
};

/** The same task with up to a hundred items, which trains the model at the far positions of its context. */
export function askForLongList(
  random: RandomStream,
  low: number,
  high: number,
): { instruction: string; answer: GradedAnswer } {
  const task = askForList(random, low, high);
  const given = task.asked + random.between(-4, 4);
  const words = Array.from({ length: given }, () => random.pick(NOUNS));
  const answer = { response: writeList(random, words), ...gradeCount(task.asked, words) };
  return { instruction: task.instruction, answer };
}

function countOffBy(random: RandomStream, asked: number, off: number): number {
  const fewer = asked - off;
  return fewer >= 1 && random.chance(0.5) ? fewer : asked + off;
}

function gradeCount(asked: number, words: readonly string[]): Grade {
  const given = words.length;
  const off = Math.abs(given - asked);
  const grade: Grade = {
    steps: `Items:${words.map((word, i) => ` ${i + 1} ${word}`).join('')}. ${given} given, ${asked} asked.`,
    summary: `Off by ${off}.`,
    score: scoreOfFaults(off),
  };
  // The slip: a wrong count stands as if it were right.
  return off === 0 ? grade : { ...grade, slip: { summary: 'Off by 0.', score: 5 } };
}
