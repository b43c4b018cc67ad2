import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { startBackend } from '../../../src/tensor/backend.ts';
import { currentHeap } from '../../../src/tensor/wasm/current.ts';
import { HeapFullError } from '../../../src/tensor/wasm/heap-full.ts';
import { HEAP_LIMIT } from '../../../src/tensor/wasm/heap.ts';

beforeAll(() => startBackend('wasm'));

test('a request that the heap has no room for throws, and what it holds stays as it was', async () => {
  const x = tf.tensor1d([1, 2, 3]);
  expect(() => currentHeap().reserve(HEAP_LIMIT - 65536)).toThrow(HeapFullError);
  expect(() => tf.zeros([HEAP_LIMIT / 4 - 65536])).toThrow(HeapFullError);
  expect([...(await x.data())]).toEqual([1, 2, 3]);
  x.dispose();
});

test('a clone shares its data, and outlives the original', async () => {
  const x = tf.tensor1d([4, 5, 6]);
  const clone = tf.clone(x);
  expect(currentHeap().address(clone)).toBe(currentHeap().address(x));
  x.dispose();
  expect([...(await clone.data())]).toEqual([4, 5, 6]);
  clone.dispose();
});
