import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { allocatedBytes } from '../../../src/tensor/allocated.ts';
import { startBackend } from '../../../src/tensor/backend.ts';

beforeAll(() => startBackend('webgpu'));

const MB = 1e6;

test('freed buffers of ever other sizes do not pile up, and what is kept and made anew stays right', async () => {
  const kept = tf.range(0, 1000);
  for (let i = 0; i < 24; i++) {
    // 16 MB each, and none of the size of another.
    const x = tf.fill([4_000_000 + 64 * i], i);
    const first = tf.slice(x, [0], [1]);
    expect([...(await first.data())]).toEqual([i]);
    tf.dispose([x, first]);
  }
  expect(allocatedBytes()).toBeLessThan(300 * MB);
  expect([...(await kept.data())]).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  kept.dispose();
});
