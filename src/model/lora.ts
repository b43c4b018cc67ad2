import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { linear } from '../tensor/ops/linear/op.ts';
import type { LoraSettings } from './lora-settings.ts';
import { adaptedWeights } from './adapted-weights.ts';
import type { ModelConfig } from './config.ts';
import { loraFactors, peftName } from './formats/peft.ts';
import type { NamedArrays } from './formats/safetensors.ts';
import { loraScale } from './lora-scale.ts';
import { philox } from './philox.ts';

/**
 * Low-rank adaptation (Hu et al. 2021): y = xWᵀ + s · (xAᵀ)Bᵀ with A [r, in], B [out, r] and W frozen.
 * W + s·BA is never formed: that would cost a dense matrix per layer in both directions.
 */
export interface LoraAdapter {
  scale: number;
  /** Keyed by the weight they adapt, e.g. `model.layers.0.self_attn.q_proj.weight`. */
  factors: Map<string, { a: Variable; b: Variable }>;
}

/**
 * Adds s · (xAᵀ)Bᵀ of each adapted weight to its columns of y, the weights' outputs beside each other.
 * @param weights their names and widths
 */
export function addLora(
  y: Tensor2D,
  x: Tensor2D,
  adapter: LoraAdapter | null,
  weights: { name: string; width: number }[],
): Tensor2D {
  if (!adapter) return y;
  const [a, b, blocks]: [Tensor2D[], Tensor2D[], number[]] = [[], [], []];
  let column = 0;
  for (const { name, width } of weights) {
    const factors = adapter.factors.get(name);
    if (factors) {
      a.push(factors.a as unknown as Tensor2D);
      b.push(factors.b as unknown as Tensor2D);
      blocks.push(column);
    }
    column += width;
  }
  if (a.length === 0) return y;
  return linear(linear(x, a), b, { addend: y, scale: adapter.scale, blocks });
}

/** A fresh adapter: A uniform in ±1/√in (PEFT's Kaiming initialisation with a = √5), B zero, so that it changes nothing. */
export function createLora(config: ModelConfig, settings: LoraSettings, seed: number): LoraAdapter {
  const { rank } = settings;
  const factors: LoraAdapter['factors'] = new Map();
  [...adaptedWeights(config)].forEach(([name, [out, width]], index) => {
    const bound = 1 / Math.sqrt(width);
    const a = Float32Array.from({ length: rank * width }, (_, i) => {
      const [bits] = philox([i, index, 0, 0x10ada], [seed >>> 0, 0]);
      return bound * (2 * (bits / 2 ** 32) - 1);
    });
    factors.set(name, {
      a: tf.tidy(() => tf.variable(tf.tensor2d(a, [rank, width]))),
      b: tf.tidy(() => tf.variable(tf.zeros([out, rank]))),
    });
  });
  return { scale: loraScale(settings), factors };
}

/**
 * Puts an adapter's tensors on the device. Weights without factors stay as they are.
 * @param arrays under PEFT's names
 * @throws AdapterError when they do not fit the model
 */
export function loraFromArrays(
  config: ModelConfig,
  arrays: NamedArrays,
  settings: LoraSettings,
): LoraAdapter {
  const factors: LoraAdapter['factors'] = new Map();
  for (const [name, { a, b }] of loraFactors(config, arrays, settings)) {
    factors.set(name, {
      a: tf.tidy(() => tf.variable(tf.tensor(a.data, a.shape))),
      b: tf.tidy(() => tf.variable(tf.tensor(b.data, b.shape))),
    });
  }
  return { scale: loraScale(settings), factors };
}

/** The adapter's trainable tensors under PEFT's names. */
export function loraVariables(adapter: LoraAdapter): Map<string, Variable> {
  const variables = new Map<string, Variable>();
  for (const [name, { a, b }] of adapter.factors) {
    variables.set(peftName(name, 'A'), a);
    variables.set(peftName(name, 'B'), b);
  }
  return variables;
}

export function disposeLora(adapter: LoraAdapter): void {
  tf.dispose([...loraVariables(adapter).values()]);
}
