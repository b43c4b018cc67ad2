import { describe, expect, test } from 'vitest';
import { parseModelConfig } from '../../../src/model/config.ts';
import { memoryPlan, trainingPass, type MemoryOptions } from '../../../src/model/memory-plan.ts';

/** SmolLM2-135M with this many layers. */
const shape = (layers: number) =>
  parseModelConfig({
    model_type: 'llama',
    vocab_size: 49152,
    hidden_size: 576,
    intermediate_size: 1536,
    num_hidden_layers: layers,
    num_attention_heads: 9,
    num_key_value_heads: 3,
    max_position_embeddings: 8192,
    rms_norm_eps: 1e-5,
    tie_word_embeddings: true,
  });
/** 134,515,008 parameters, of which 35,136 in norms. */
const SMALL = shape(30);
const EMBEDDED = parseModelConfig({
  model_type: 'llama',
  vocab_size: 1024,
  hidden_size: 256,
  intermediate_size: 704,
  num_hidden_layers: 6,
  num_attention_heads: 8,
  max_position_embeddings: 1024,
  rms_norm_eps: 1e-5,
  tie_word_embeddings: true,
});

const plan = (options: Partial<MemoryOptions>) =>
  memoryPlan(SMALL, {
    backend: 'webgpu',
    workers: 1,
    rows: 8,
    tokens: 1024,
    trainingTokens: 512,
    ...options,
  });

describe('weights', () => {
  test('are as published on the GPU, norms in float32', () => {
    const norms = 61 * 576;
    expect(plan({ format: 'bf16' }).weights).toBe(2 * (134_515_008 - norms) + 4 * norms);
  });

  test('take 4.5 bits and a little as Q4_0, 8.5 as Q8_0', () => {
    expect(plan({ format: 'q4_0' }).weights / 134_515_008).toBeCloseTo(4.5 / 8, 2);
    expect(plan({ format: 'q8_0' }).weights / 134_515_008).toBeCloseTo(8.5 / 8, 2);
  });

  test('are float32 on WASM, once for each worker', () => {
    expect(plan({ backend: 'wasm', workers: 2, format: 'q4_0' }).weights).toBe(2 * 4 * 134_515_008);
  });

  test('of a model small enough to be trained in full are float32 everywhere', () => {
    const small = memoryPlan(EMBEDDED, {
      backend: 'webgpu',
      workers: 1,
      rows: 8,
      tokens: 512,
      trainingTokens: 0,
    });
    expect(small.weights).toBeGreaterThan(4 * 4_000_000);
  });
});

test('keys and values: two of 3 heads × 64 in 30 layers, for every row and one to spare', () => {
  expect(plan({ rows: 8, tokens: 1000 }).cache).toBe(9 * 2 * 30 * 3 * 64 * 1000 * 4);
});

test('SmolLM2-135M recomputes its activations, the embedded judge keeps them', () => {
  expect(plan({}).recompute).toBe(true);
  const embedded = {
    backend: 'wasm',
    workers: 1,
    rows: 64,
    tokens: 1536,
    trainingTokens: 1536,
    rank: 0,
  } as const;
  expect(memoryPlan(EMBEDDED, embedded).recompute).toBe(false);
});

test('on WASM short sequences keep their activations in short passes, as long as these take 1 GB', () => {
  const pass = (longest: number) => trainingPass(SMALL, 'wasm', 16, longest);
  expect(pass(256)).toMatchObject({ recompute: false });
  expect(pass(256).tokens).toBeGreaterThan(256);
  expect(pass(pass(256).tokens)).toEqual(pass(256));
  expect(pass(pass(256).tokens + 1)).toEqual({ tokens: 512, recompute: true });
  const { trainingActivations } = plan({ backend: 'wasm' });
  expect(trainingActivations / 1e9).toBeCloseTo(1, 1);
});

test('a GPU computes activations again where long passes do not fit, a small model never does', () => {
  expect(trainingPass(SMALL, 'webgpu', 16, 64)).toEqual({ tokens: 512, recompute: true });
  expect(trainingPass(EMBEDDED, 'wasm', 0, 900)).toEqual({ tokens: 1536, recompute: false });
});

test('recomputing leaves two tensors [tokens, hidden] of a layer', () => {
  const [one, two] = [30, 31].map((layers) =>
    memoryPlan(
      { ...SMALL, layers },
      { backend: 'wasm', workers: 1, rows: 8, tokens: 512, trainingTokens: 512 },
    ),
  );
  expect(two!.recomputed - one!.recomputed).toBe(2 * 512 * 576 * 4);
});

test('the total is what one worker needs at a time, for each worker', () => {
  const { weights, prepared, cache, activations, optimizer, reserve, perWorker, total, ...rest } = plan({
    backend: 'wasm',
    workers: 1,
  });
  expect(perWorker).toBe(
    weights + Math.max(prepared + cache + activations, rest.trainingActivations + optimizer) + reserve,
  );
  expect(total).toBe(perWorker);
  expect(plan({ backend: 'wasm', workers: 3, rows: 24 }).total).toBe(3 * total);
});

test('a heap has room beyond what lies in it, a fifth or 96 MB; GPU buffers are counted one by one', () => {
  const { training, weights, trainingActivations, optimizer } = plan({ backend: 'wasm' });
  expect(training - weights - trainingActivations - optimizer).toBe((16 + 96) * 2 ** 20);
  expect(plan({ backend: 'webgpu' }).reserve).toBe(0);
});

/** What `npm run memory` printed on 22 November 2026: a LoRA step of rank 16 in micro-batches of 512 tokens, recomputed. */
test.each([
  { backend: 'wasm', layers: 30, measured: 890_830_848 },
  { backend: 'wasm', layers: 2, measured: 235_798_528 },
  { backend: 'webgpu', layers: 30, measured: 513_374_740 },
  { backend: 'webgpu', layers: 2, measured: 188_662_320 },
] as const)(
  'a training step of $layers layers on $backend is planned at $measured bytes or up to 1.3 times that',
  ({ backend, layers, measured }) => {
    const { training: planned } = memoryPlan(shape(layers), {
      backend,
      workers: 1,
      rows: 1,
      tokens: 512,
      trainingTokens: 512,
      recompute: true,
    });
    expect(planned / measured).toBeGreaterThanOrEqual(1);
    expect(planned / measured).toBeLessThanOrEqual(1.3);
  },
);

test('without training nothing is set aside for it', () => {
  expect(plan({ trainingTokens: 0 })).toMatchObject({ kept: 0, recomputed: 0, optimizer: 0 });
});
