import { rightForScore, scoreOfShare, type Family, type Grade } from '../family.ts';
import { numbersIn } from '../free-answer.ts';
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
        const sorted = inOrder(numbers);
        const said = misplace(draw, sorted, rightForScore(draw, count, target));
        return { response: said.join(' '), ...gradeOrder(sorted, said) };
      },
    };
  },
  grade(instruction, response) {
    const [, numbers] = /^Sort (\d{1,4}(?: \d{1,4})*)\.$/.exec(instruction) ?? [];
    return numbers ? gradeOrder(inOrder(numbers.split(' ').map(Number)), numbersIn(response)) : null;
  },
};

const inOrder = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

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

/** A number that is missing stands nowhere, and one too many in no place of its own: both count as misplaced. */
function gradeOrder(sorted: readonly number[], said: readonly number[]): Grade {
  const marks = said.map((number, i) => (number === sorted[i] ? 'yes' : 'no'));
  const right = marks.filter((mark) => mark === 'yes').length;
  const total = Math.max(sorted.length, said.length);
  return {
    steps: `Sorted: ${sorted.join(' ')}. Given: ${said.map((number, i) => `${number} ${marks[i]}`).join(', ') || 'nothing'}.`,
    summary: `${right} of ${total} in place.`,
    score: scoreOfShare(right, total),
  };
}
