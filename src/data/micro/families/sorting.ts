import { rightForScore, scoreOfShare, type Family, type GradedAnswer } from '../family.ts';
import type { RandomStream } from '../random.ts';

/** Does each number stand in its place in the sorted order? */
export const sorting: Family = {
  name: 'sorting',
  criterion: 'correct order',
  rule: '1 + 4 × the share of numbers in their place, rounded',
  weight: 7,
  ask(random, size) {
    const count = size === 'small' ? 3 : random.pick([3, 4, 4, 5]);
    const numbers = random.sample(NUMBERS, count);
    return {
      instruction: `Sort ${numbers.join(' ')}.`,
      answer(draw, target) {
        const sorted = [...numbers].sort((a, b) => a - b);
        return gradeOrder(sorted, misplace(draw, sorted, rightForScore(draw, count, target)));
      },
    };
  },
};

const NUMBERS: readonly number[] = Array.from({ length: 30 }, (_, i) => i + 1);

/** Keeps `right` numbers in place. The others change places in a ring; a single one is written wrong. */
function misplace(random: RandomStream, sorted: readonly number[], right: number): number[] {
  const moved = random.sample([...sorted.keys()], sorted.length - right);
  const said = [...sorted];
  if (moved.length === 1) {
    said[moved[0] as number] = random.pick(NUMBERS.filter((number) => !sorted.includes(number)));
    return said;
  }
  moved.forEach((place, i) => {
    said[place] = sorted[moved[(i + 1) % moved.length] as number] as number;
  });
  return said;
}

function gradeOrder(sorted: readonly number[], said: readonly number[]): GradedAnswer {
  const marks = said.map((number, i) => (number === sorted[i] ? 'yes' : 'no'));
  const right = marks.filter((mark) => mark === 'yes').length;
  return {
    response: said.join(' '),
    steps: `Sorted: ${sorted.join(' ')}. Given: ${said.map((number, i) => `${number} ${marks[i]}`).join(', ')}.`,
    summary: `${right} of ${sorted.length} in place.`,
    score: scoreOfShare(right, sorted.length),
  };
}
