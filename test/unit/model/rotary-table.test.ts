import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseModelConfig } from '../../../src/model/config.ts';
import { ropeFrequencies } from '../../../src/model/rope.ts';
import { ContextLengthError, RotaryTables } from '../../../src/model/rotary-table.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('frequencies', () => {
  const plain = ropeFrequencies({ theta: 10_000, scaling: null }, 16);

  test('fall from 1 by equal factors', () => {
    expect(plain[0]).toBe(1);
    expect(plain[7]).toBeCloseTo(10_000 ** (-7 / 8), 9);
  });

  test('of linear scaling are divided by its factor', () => {
    const scaled = ropeFrequencies({ theta: 10_000, scaling: { type: 'linear', factor: 8 } }, 16);
    scaled.forEach((frequency, j) => {
      expect(frequency).toBeCloseTo((plain[j] as number) / 8, 9);
    });
  });

  test('of Llama 3 stay where they turn often, are divided where they turn seldom, blended between', () => {
    const scaling = {
      type: 'llama3',
      factor: 8,
      lowFrequency: 1,
      highFrequency: 4,
      originalLength: 64,
    } as const;
    const ratios = [...ropeFrequencies({ theta: 10_000, scaling }, 16)].map(
      (x, j) => x / (plain[j] as number),
    );
    // 64 / 2π · frequency turns: 10.2, 3.2, 1.02, 0.3, ...
    expect(ratios[0]).toBe(1);
    expect(ratios[1]).toBeGreaterThan(0.7);
    expect(ratios[1]).toBeLessThan(1);
    expect(ratios[2]).toBeLessThan(0.2);
    for (const ratio of ratios.slice(3)) expect(ratio).toBeCloseTo(1 / 8, 6);
  });
});

describe('tables', () => {
  const config = parseModelConfig({
    model_type: 'gemma3_text',
    hidden_size: 64,
    intermediate_size: 64,
    num_hidden_layers: 6,
    max_position_embeddings: 131_072,
    sliding_window: 512,
  });

  test('grow with the positions in use, and go when they are disposed of', () => {
    const before = tf.memory().numTensors;
    const tables = new RotaryTables(config);
    expect(tables.cover(3).full?.shape).toEqual([512, 256]);
    expect(tables.cover(600).sliding?.shape).toEqual([1024, 256]);
    expect(tables.cover(10).sliding?.shape).toEqual([1024, 256]);
    expect(tf.memory().numTensors).toBe(before + 2);
    tables.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('survive the tidy in which they grew', async () => {
    const tables = new RotaryTables(config);
    const table = tf.tidy(() => tables.cover(8).sliding) as tf.Tensor;
    const values = await table.data();
    expect(values[256]).toBeCloseTo(Math.cos(1), 6);
    expect(values[257]).toBeCloseTo(Math.sin(1), 6);
    tables.dispose();
  });

  test('end with the context of the model', () => {
    const short = new RotaryTables({ ...config, contextLength: 700 });
    expect(short.cover(700).full?.shape).toEqual([700, 256]);
    expect(() => short.cover(701)).toThrow(ContextLengthError);
    expect(() => short.cover(701)).toThrow(/701 tokens.*at most 700/);
    short.dispose();
  });
});
