import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { generate } from '../../../src/model/generate.ts';
import { startBackend } from '../../../src/tensor/backend.ts';
import { hasFused } from '../../../src/tensor/kernel.ts';
import { openFixture, readGolden } from './fixture-models.ts';
import { LONG } from '../../long.ts';

/** Stock operations on a software GPU are slow, which is why they are the baseline. */
const TOKENS = 6;

// The benchmark's baseline: it must compute what the engine computes, in operations of TensorFlow.js alone.
test.each(LONG ? (['wasm', 'webgpu'] as const) : (['wasm'] as const))(
  'stock operations decode as transformers does, on %s',
  async (backend) => {
    await startBackend(backend, undefined, 'stock');
    expect(hasFused('Linear') || hasFused('CachedAttention')).toBe(false);
    const golden = await readGolden('gemma3'); // grouped queries, and a window
    const before = tf.memory().numTensors;
    const model = await openFixture('gemma3', ['model.safetensors']);
    const tasks = golden.input_ids.map((ids, key) => ({ key, prompt: Int32Array.from(ids), samples: [0] }));
    const rows: number[][] = [];
    await generate(model, tasks, {
      sampling: { temperature: 0, topP: 1, maxTokens: TOKENS, seed: 0, round: 0 },
      rows: 4,
      multiple: 4,
      forwardTokens: 512,
      onRow: ({ task, ids }) => (rows[task] = ids),
      pause: async () => {},
    });
    model.dispose();
    expect(rows).toEqual(golden.greedy.map((ids) => ids.slice(0, TOKENS)));
    expect(tf.memory().numTensors).toBe(before);
  },
);
