import { expect, test } from 'vitest';
import { sampleToken, type Tempering } from '../../../src/model/sample-token.ts';

const logits = Float32Array.from([1, 3, 2, -1]);
const probabilities = [1, 3, 2, -1].map(Math.exp).map((x, _, all) => x / all.reduce((a, b) => a + b));

test('temperature 0 takes the largest logit', () => {
  expect(sampleToken(logits, { temperature: 0, topP: 1 }, 0.99).id).toBe(1);
});

test('the log-probability is that of the untempered, untruncated distribution', () => {
  const { id, logprob } = sampleToken(logits, { temperature: 0.2, topP: 0.5 }, 0.3);
  expect(logprob).toBeCloseTo(Math.log(probabilities[id] as number), 5);
});

test('shares of draws equal the tempered probabilities', () => {
  const counts = [0, 0, 0, 0];
  const draws = 10_000;
  for (let i = 0; i < draws; i++)
    counts[sampleToken(logits, { temperature: 2, topP: 1 }, (i + 0.5) / draws).id]! += 1;
  const tempered = [1, 3, 2, -1]
    .map((x) => Math.exp(x / 2))
    .map((x, _, all) => x / all.reduce((a, b) => a + b));
  counts.forEach((count, id) => expect(count / draws).toBeCloseTo(tempered[id] as number, 3));
});

/** All tokens that any noise draws. */
const reachable = (tempering: Tempering) =>
  new Set(Array.from({ length: 100 }, (_, i) => sampleToken(logits, tempering, i / 100).id));

test('top-p leaves out the tail', () => {
  expect(reachable({ temperature: 1, topP: 0.85 })).toEqual(new Set([1, 2]));
});

test('top-k keeps the k likeliest; 0, or more than there are, keeps all', () => {
  expect(reachable({ temperature: 1, topP: 1, topK: 2 })).toEqual(new Set([1, 2]));
  expect(reachable({ temperature: 9, topP: 1, topK: 0 })).toEqual(new Set([0, 1, 2, 3]));
  expect(reachable({ temperature: 9, topP: 1, topK: 9 })).toEqual(new Set([0, 1, 2, 3]));
});

test("with both, top-p's mass is that of the k likeliest", () => {
  // 73 % of the two: beyond 70 % alone, where it is 66 % of all four.
  expect(reachable({ temperature: 1, topP: 0.7, topK: 2 })).toEqual(new Set([1]));
  expect(reachable({ temperature: 1, topP: 0.7 })).toEqual(new Set([1, 2]));
});
