import { describe, expect, it } from 'vitest';
import { agreementOf } from '../../../src/evaluate/agreement.ts';
import { cellsOf, gainSentence, gainSources } from '../../../src/evaluate/cells.ts';
import { expectedScore, scoreProbabilities } from '../../../src/evaluate/expected-score.ts';
import { flips } from '../../../src/evaluate/flips.ts';
import { outcomeOf } from '../../../src/evaluate/outcome.ts';
import { isExactRationale } from '../../../src/evaluate/is-exact-rationale.ts';
import { applyRemap, fitRemap } from '../../../src/evaluate/remap.ts';
import { outcomes } from './outcomes.ts';

describe('remap', () => {
  const training = outcomes([[3, 4], [3, 4], [4, 4], [5, 5], [1, 2], [2, 2], [1, 3], [5, 3]]); // prettier-ignore

  it('sends each score to its commonest label, ties to the nearest, unseen scores to themselves', () => {
    expect(fitRemap(training)).toEqual({ 1: 1, 2: 2, 3: 1, 4: 3, 5: 5 });
  });

  it('leaves unread judgments unread', () => {
    const mapped = applyRemap(outcomes([[3, 4], [3, 0]]), fitRemap(training)); // prettier-ignore
    expect(mapped.map((outcome) => outcome.score)).toEqual([3, null]);
  });
});

describe('rationale right or wrong × score right or wrong', () => {
  const judged = (cells: [rationale: boolean, right: boolean][]) =>
    outcomes(cells.map(([, right]) => [3, right ? 3 : 4])).map((outcome, i) => ({
      ...outcome,
      rationaleExact: cells[i]![0],
    }));
  const before = judged([[true, false], [true, false], [false, false], [true, true], [false, true]]); // prettier-ignore
  const after = judged([[true, true], [true, true], [true, true], [false, false], [false, true]]); // prettier-ignore

  it('counts the four cells', () => {
    expect(cellsOf(before)).toEqual({ bothRight: 1, onlyRationaleRight: 2, onlyScoreRight: 1, bothWrong: 1 });
    expect(cellsOf(outcomes([[1, 1]]))).toBeNull();
  });

  it('splits the gain into parts that add up to it', () => {
    const sources = gainSources(before, after)!;
    expect(sources).toEqual({ keptRight: 0.4, mended: 0.2, decayed: -0.2, stayedWrong: 0 });
    expect(Object.values<number>({ ...sources }).reduce((a, b) => a + b)).toBeCloseTo(4 / 5 - 2 / 5, 12);
  });

  it('says so in one sentence, the greatest part first', () => {
    expect(gainSentence(before, after)).toBe(
      'Accuracy changed by +40.0 points: +40.0 from items whose rationale was right before and after, where only ' +
        'the score was mended; +20.0 from items whose rationale was wrong and is right now; −20.0 from items whose ' +
        'rationale was right and is wrong now.',
    );
    expect(gainSentence(before, before)).toBe('Accuracy changed by 0.0 points.');
  });

  it('lists the items that flipped', () => {
    expect(flips(before, after).map((flip) => flip.kind)).toEqual(['mended', 'mended', 'mended', 'broken']);
  });
});

it('measures how eight judgments agree', () => {
  const agreement = agreementOf([5, 3, 3, 1, null]);
  expect(agreement).toEqual({
    histogram: [1, 0, 2, 0, 1],
    unread: 1,
    majority: 3,
    majorityShare: 0.4,
    pairwise: 0.1,
  });
  expect(agreementOf([null]).majority).toBeNull();
  expect(agreementOf([4, 4]).pairwise).toBe(1);
});

it('weighs the five scores by their probabilities', () => {
  const probabilities = scoreProbabilities([
    Math.log(0.1),
    Math.log(0.1),
    -Infinity,
    Math.log(0.2),
    -Infinity,
  ]);
  expect(probabilities[3]).toBeCloseTo(0.5, 12);
  expect(expectedScore(probabilities)).toBeCloseTo(0.25 + 0.5 + 2, 12);
});

describe('outcome', () => {
  const judgment = { text: ' 3 of 3  fit. Score: 5', rationale: [0, 13] as [number, number] };
  const item = {
    id: 'a',
    instruction: 'i',
    response: 'r',
    criterion: 'c',
    score: 5 as const,
    rationale: '3 of 3 fit.',
  };

  it('holds score and rationale against the truth', () => {
    const outcome = outcomeOf(item, { ...judgment, verdict: { kind: 'score', score: 5 } });
    expect(outcome).toMatchObject({ group: 'i', label: 5, score: 5, rationaleExact: true, slip: false });
  });

  it('has no score where the judgment could not be read', () => {
    expect(outcomeOf(item, { ...judgment, verdict: { kind: 'failure', reason: 'x' } }).score).toBeNull();
  });

  it('needs a label', () => {
    const { score: _, ...unlabelled } = item;
    expect(() => outcomeOf(unlabelled, { ...judgment, verdict: { kind: 'score', score: 5 } })).toThrow(
      RangeError,
    );
  });

  it('compares rationales word by word', () => {
    expect(isExactRationale('a  b\n', ' a b')).toBe(true);
    expect(isExactRationale('a b', 'a c')).toBe(false);
  });
});
