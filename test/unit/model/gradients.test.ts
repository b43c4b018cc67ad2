// The whole of TensorFlow.js, with its CPU backend: an oracle that shares no kernel with the engine's backends.
import * as tf from '@tensorflow/tfjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseModelConfig } from '../../../src/model/config.ts';
import { arraysSource } from '../../../src/model/formats/arrays-source.ts';
import { initialWeights } from '../../../src/model/initialise.ts';
import { packedLogprobs } from '../../../src/model/logprobs.ts';
import { createModel, trainableWeights, type Model } from '../../../src/model/model.ts';
import { disposePacked, packGroups, packedTensors } from '../../../src/model/packed-batch.ts';
import { LONG } from '../../long.ts';

const TINY = {
  vocab_size: 8,
  hidden_size: 8,
  intermediate_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  head_dim: 16,
  max_position_embeddings: 16,
  rms_norm_eps: 1e-6,
  tie_word_embeddings: true,
};
const LLAMA3 = {
  rope_type: 'llama3',
  rope_theta: 100,
  factor: 4,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 8,
};

const CONFIGS = [
  {
    name: 'llama, rope scaled, all biases, own head',
    file: { rope_parameters: LLAMA3, tie_word_embeddings: false, attention_bias: true, mlp_bias: true },
  },
  ...(LONG ? ['qwen2', 'qwen3'] : ['qwen3']).map((name) => ({ name, file: {} })),
  {
    name: 'gemma3_text, one layer of two sliding',
    file: { sliding_window: 3, sliding_window_pattern: 2, query_pre_attn_scalar: 8 },
  },
];

beforeAll(async () => {
  await tf.setBackend('cpu');
});
afterAll(() => {
  tf.disposeVariables();
});

async function openModel(name: string, file: object): Promise<Model> {
  const model_type = /^\w+/.exec(name)?.[0];
  const config = parseModelConfig({ ...TINY, ...file, model_type });
  const arrays = initialWeights(config, 3);
  let seed = 1;
  for (const array of arrays.values()) {
    // Far from the near-uniform initial state, so that every weight matters.
    const noise = await tf
      .randomNormal(array.shape, 0, array.shape.length > 1 ? 0.4 : 0.2, 'float32', seed++)
      .data();
    array.data = array.data.map((x, i) => x + (noise[i] as number));
  }
  return createModel(config, arraysSource(arrays));
}

describe.each(CONFIGS)('$name', ({ name, file }) => {
  let model: Model;
  beforeEach(async () => {
    model = await openModel(name, file);
  });
  afterEach(() => {
    model.dispose();
  });

  // Two completions share a prompt, so that a window of 3 ends inside the shared tokens.
  const packed = packGroups([
    { prompt: Int32Array.of(1, 5, 2, 7), completions: [Int32Array.of(3, 0, 6), Int32Array.of(4, 4, 1, 2)] },
    { prompt: Int32Array.of(6, 3), completions: [Int32Array.of(0, 5)] },
  ]);

  test('the slope along a random direction of every weight is the gradient', async () => {
    const batch = packedTensors(packed);
    const score = () => tf.mean<tf.Scalar>(packedLogprobs(model, batch));
    const variables = [...trainableWeights(model).values()];
    const { value, grads } = tf.variableGrads(score, variables);
    value.dispose();
    for (const [seed, variable] of variables.entries()) {
      const start = tf.clone(variable);
      const direction = tf.tidy(() => {
        const noise = tf.randomNormal(variable.shape, 0, 1, 'float32', seed + 50);
        return tf.div(noise, tf.norm(noise));
      });
      const valueAt = async (by: number) => {
        tf.tidy(() => {
          variable.assign(tf.add(start, tf.mul(direction, by)));
        });
        const [result] = await tf.tidy(score).data();
        return result as number;
      };
      const rise = async (step: number) => (await valueAt(step)) - (await valueAt(-step));
      const slope = (8 * (await rise(0.01)) - (await rise(0.02))) / 0.12; // its error is of the fifth order
      variable.assign(start);
      const gradient = grads[variable.name] as tf.Tensor;
      const [expected] = await tf.tidy(() => tf.sum(tf.mul(gradient, direction))).data();
      expect(Math.abs(slope - (expected as number))).toBeLessThan(2e-4 * (1 + Math.abs(slope)));
      tf.dispose([start, direction, gradient]);
    }
    disposePacked(batch);
  }, 120_000);

  test('each completion sees what it would see alone', async () => {
    const alone = [{ prompt: Int32Array.of(1, 5, 2, 7), completions: [Int32Array.of(4, 4, 1, 2)] }];
    const logprobsOf = async (groups: Parameters<typeof packGroups>[0]) => {
      const batch = packedTensors(packGroups(groups));
      const out = tf.tidy(() => packedLogprobs(model, batch));
      const values = [...(await out.data())];
      out.dispose();
      disposePacked(batch);
      return values;
    };
    const batch = packedTensors(packed);
    const together = [...(await tf.tidy(() => packedLogprobs(model, batch)).data())].slice(3, 7);
    disposePacked(batch);
    (await logprobsOf(alone)).forEach((value, i) => {
      expect(value).toBeCloseTo(together[i] as number, 5);
    });
  });
});
