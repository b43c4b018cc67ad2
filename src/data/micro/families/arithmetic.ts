import { faultsForScore, scoreOfFaults, type Family, type Grade } from '../family.ts';
import { numbersIn } from '../free-answer.ts';
import type { RandomStream } from '../random.ts';

/** Sums and differences. With two digits they stay beyond most judges of this size: an honest ceiling. */
export const arithmetic: Family = {
  name: 'arithmetic',
  criterion: 'correct answer',
  rule: '5 less the distance between the right number and the given one, at least 1',
  weight: 6,
  ask(random, size) {
    const { sum, result } = drawSum(random, size === 'small' ? 0 : 0.3);
    return {
      instruction: `What is ${sum}?`,
      answer(draw, target) {
        const said = answerOffBy(draw, result, faultsForScore(draw, target));
        const response = draw.pick([`It is ${said}.`, `The answer is ${said}.`, `${sum} = ${said}`]);
        return { response, ...gradeResult({ sum, result }, said) };
      },
    };
  },
  grade(instruction, response) {
    const sum = readSum(instruction);
    return sum && gradeResult(sum, numbersIn(response).at(-1));
  },
};

/** "4 + 7" with its result. */
interface Sum {
  sum: string;
  result: number;
}

/** A sum below 20, or with probability `hard` one of two-digit numbers; differences are never negative. */
function drawSum(random: RandomStream, hard: number): Sum {
  const largest = random.chance(hard) ? 49 : 9;
  const [a, b] = [random.between(1, largest), random.between(1, largest)];
  if (random.chance(0.6)) return { sum: `${a} + ${b}`, result: a + b };
  return { sum: `${a + b} - ${b}`, result: a };
}

function readSum(instruction: string): Sum | null {
  const parts = /^What is ((\d{1,4}) ([+-]) (\d{1,4}))\?$/.exec(instruction);
  if (!parts) return null;
  const [left, right] = [Number(parts[2]), Number(parts[4])];
  return { sum: parts[1]!, result: parts[3] === '+' ? left + right : left - right };
}

/** A result that is not whole is off by the next whole number: scores have no halves. */
function gradeResult({ sum, result }: Sum, said: number | undefined): Grade {
  const steps = `Sum: ${sum} = ${result}, said ${said ?? 'no number'}.`;
  if (said === undefined) return { steps, summary: 'No number.', score: 1 };
  const off = Math.ceil(Math.abs(said - result));
  return { steps, summary: `Off by ${off}.`, score: scoreOfFaults(off) };
}

function answerOffBy(random: RandomStream, result: number, off: number): number {
  const below = result - off;
  return below >= 0 && random.chance(0.5) ? below : result + off;
}
