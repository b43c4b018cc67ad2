import { faultsForScore, scoreOfFaults, type Family } from '../family.ts';
import type { RandomStream } from '../random.ts';

/** Sums and differences. With two digits they stay beyond most judges of this size: an honest ceiling. */
export const arithmetic: Family = {
  name: 'arithmetic',
  criterion: 'correct answer',
  rule: '5 less the distance between the right number and the given one, at least 1',
  weight: 6,
  ask(random, size) {
    const { left, sign, right, result } = drawSum(random, size === 'small' ? 0 : 0.3);
    const sum = `${left} ${sign} ${right}`;
    return {
      instruction: `What is ${sum}?`,
      answer(draw, target) {
        const said = answerOffBy(draw, result, faultsForScore(draw, target));
        const off = Math.abs(said - result);
        return {
          response: draw.pick([`It is ${said}.`, `The answer is ${said}.`, `${sum} = ${said}`]),
          steps: `Sum: ${sum} = ${result}, said ${said}.`,
          summary: `Off by ${off}.`,
          score: scoreOfFaults(off),
        };
      },
    };
  },
};

/** A sum below 20, or with probability `hard` one of two-digit numbers; differences are never negative. */
function drawSum(
  random: RandomStream,
  hard: number,
): { left: number; sign: string; right: number; result: number } {
  const largest = random.chance(hard) ? 49 : 9;
  const [a, b] = [random.between(1, largest), random.between(1, largest)];
  const plus = { left: a, sign: '+', right: b, result: a + b };
  if (random.chance(0.6)) return plus;
  return { left: a + b, sign: '-', right: b, result: a };
}

function answerOffBy(random: RandomStream, result: number, off: number): number {
  const below = result - off;
  return below >= 0 && random.chance(0.5) ? below : result + off;
}
