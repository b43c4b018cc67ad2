import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { Readings } from '../../../src/train/readings.ts';

test('readings are used in order, and their tensors freed', async () => {
  const before = tf.memory().numTensors;
  const readings = new Readings();
  const seen: number[] = [];
  for (const value of [1, 2, 3])
    await readings.begin([tf.scalar(value), tf.scalar(10 * value)], ([a, b]) => seen.push(a![0]!, b![0]!));
  await readings.settle();
  expect(seen).toEqual([1, 10, 2, 20, 3, 30]);
  expect(tf.memory().numTensors).toBe(before);
});

test('what fails is told by the next call, and frees its tensors', async () => {
  const before = tf.memory().numTensors;
  const readings = new Readings();
  await readings.begin([tf.scalar(1)], () => {
    throw new Error('not finite');
  });
  await expect(readings.begin([tf.scalar(2)], () => undefined)).rejects.toThrow('not finite');
  await expect(readings.settle()).rejects.toThrow('not finite');
  expect(tf.memory().numTensors).toBe(before);
});
