import * as tf from '@tensorflow/tfjs-core';
import { parameterCount, parseModelConfig, weightShapes, type ModelConfig } from '../../src/model/config.ts';
import type { WeightEntry, WeightSource } from '../../src/model/formats/weight-source.ts';
import { createModel } from '../../src/model/model.ts';
import { allocatedBytes } from '../../src/tensor/allocated.ts';
import { startBackend } from '../../src/tensor/backend.ts';
import { supervisedBackward } from '../../src/train/sft.ts';
import { Trainer } from '../../src/train/trainer.ts';
import type { BackendName } from '../../src/tensor/backend-name.ts';
import type { SupervisedExample } from '../../src/train/supervised-example.ts';
import type { Host } from '../host.ts';

export interface MeasureMemoryArgs {
  backend: BackendName;
  layers: number;
  sequences: number;
  tokens: number;
  rank: number;
  recompute: boolean;
  /** Tokens in one forward and backward pass. */
  microBatchTokens: number;
}

export interface MeasuredMemory extends MeasureMemoryArgs {
  parameters: number;
  /** Bytes that the backend has taken from the device: on WebGPU with the buffer pool, on WASM the whole heap. */
  afterLoading: number;
  afterTraining: number;
  /** What `afterTraining` may be at most. */
  limit: number;
  loss: number;
  secondsPerStep: number;
}

/** Shape of SmolLM2-135M (config.json of HuggingFaceTB/SmolLM2-135M). */
const SHAPE = {
  model_type: 'llama',
  vocab_size: 49152,
  hidden_size: 576,
  intermediate_size: 1536,
  num_attention_heads: 9,
  num_key_value_heads: 3,
  max_position_embeddings: 8192,
  rms_norm_eps: 1e-5,
  rope_theta: 100_000,
  tie_word_embeddings: true,
};

/** One LoRA training step at SmolLM2-135M's shape with random weights, and the memory that it took. */
export default async function measureMemory(args: MeasureMemoryArgs, host: Host): Promise<MeasuredMemory> {
  const config = parseModelConfig({ ...SHAPE, num_hidden_layers: args.layers });
  host.log(`${args.backend}: ${await startBackend(args.backend, (message) => host.log(message))}`);
  const model = await createModel(config, randomWeights(config), false);
  const afterLoading = allocatedBytes();
  host.log(`loaded: ${megabytes(afterLoading)}`);
  const trainer = new Trainer(model, trainingSettings(args.rank), null);
  const examples = Array.from({ length: args.sequences }, (_, i) => randomExample(config, args.tokens, i));
  const weight = args.sequences * (args.tokens - 1);
  let loss = 0;
  const start = performance.now();
  const onLoss = (share: number) => {
    loss += share;
    host.log(`a micro-batch later: ${megabytes(allocatedBytes())}`);
  };
  const backward = supervisedBackward(model, examples, weight, args.microBatchTokens, onLoss);
  await trainer.step(backward, 1e-4, args.recompute);
  const secondsPerStep = (performance.now() - start) / 1000;
  const parameters = parameterCount(config);
  const limit = args.backend === 'webgpu' ? 2.5 * 2 * parameters : 4 * parameters + 0.5e9;
  const afterTraining = allocatedBytes();
  return { ...args, parameters, afterLoading, afterTraining, limit, loss, secondsPerStep };
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

/** bfloat16 weights of deviation about 0.02, made when they are read. */
function randomWeights(config: ModelConfig): WeightSource {
  const entries = new Map<string, WeightEntry>();
  for (const [name, shape] of weightShapes(config)) {
    entries.set(name, { name, shape, format: 'bf16', bytes: 2 * tf.util.sizeFromShape(shape) });
  }
  const sizeOf = (name: string) => entries.get(name)!.bytes / 2;
  return {
    entries,
    // Upper halves of floats in ±[2⁻⁶, 2⁻⁵): random sign and fraction.
    readRaw: async (name) => {
      const halves = Uint16Array.from({ length: sizeOf(name) }, randomBits);
      halves.forEach((bits, i) => (halves[i] = (bits & 0x807f) | (121 << 7)));
      return new Uint8Array(halves.buffer);
    },
    read: async (name) => {
      const norm = name.endsWith('norm.weight');
      return Float32Array.from({ length: sizeOf(name) }, () =>
        norm ? 1 : (randomBits() / 65536 - 0.5) * 0.07,
      );
    },
  };
}

let state = 1;
const randomBits = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 16;

function randomExample(config: ModelConfig, tokens: number, seed: number): SupervisedExample {
  const ids = Int32Array.from(
    { length: tokens },
    (_, i) => (i * 7919 + seed * 104729) % config.vocabularySize,
  );
  return { ids, weights: new Float32Array(tokens).fill(1) };
}

const trainingSettings = (rank: number) => ({
  lora: { rank, alpha: 2 * rank },
  optimizer: {
    learningRate: 1e-4,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
    maxGradNorm: 1,
  },
  seed: 1,
});
