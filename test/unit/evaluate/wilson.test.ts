import { expect, it } from 'vitest';
import { wilsonInterval } from '../../../src/evaluate/wilson.ts';

it.each([
  [0, 48, 0, 0.0741],
  [48, 48, 0.9259, 1],
  [5, 10, 0.2366, 0.7634],
  [15, 148, 0.0624, 0.1605],
])('%i of %i: [%f, %f]', (holding, cases, low, high) => {
  const interval = wilsonInterval(holding, cases)!;
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

it('says nothing without cases', () => {
  expect(wilsonInterval(0, 0)).toBeNull();
});
