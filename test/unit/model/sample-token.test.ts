import { expect, test } from 'vitest';
import { sampleToken } from '../../../src/model/sample-token.ts';

const logits = Float32Array.from([1, 3, 2, -1]);
const probabilities = [1, 3, 2, -1].map(Math.exp).map((x, _, all) => x / all.reduce((a, b) => a + b));

test('temperature 0 takes the largest logit', () => {
  expect(sampleToken(logits, 0, 1, 0.99).id).toBe(1);
});

test('the log-probability is that of the untempered, untruncated distribution', () => {
  const { id, logprob } = sampleToken(logits, 0.2, 0.5, 0.3);
  expect(logprob).toBeCloseTo(Math.log(probabilities[id] as number), 5);
});

test('shares of draws equal the tempered probabilities', () => {
  const counts = [0, 0, 0, 0];
  const draws = 10_000;
  for (let i = 0; i < draws; i++) counts[sampleToken(logits, 2, 1, (i + 0.5) / draws).id]! += 1;
  const tempered = [1, 3, 2, -1]
    .map((x) => Math.exp(x / 2))
    .map((x, _, all) => x / all.reduce((a, b) => a + b));
  counts.forEach((count, id) => expect(count / draws).toBeCloseTo(tempered[id] as number, 3));
});

test('top-p leaves out the tail', () => {
  const ids = new Set(Array.from({ length: 100 }, (_, i) => sampleToken(logits, 1, 0.85, i / 100).id));
  expect(ids).toEqual(new Set([1, 2]));
});
