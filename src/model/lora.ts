import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { linear } from '../tensor/ops/linear/op.ts';
import { weightShapes, type ModelConfig } from './config.ts';
import type { NamedArrays } from './formats/safetensors.ts';
import { philox } from './philox.ts';

/**
 * Low-rank adaptation (Hu et al. 2021): y = xWᵀ + (α/r) · (xAᵀ)Bᵀ with A [r, in], B [out, r] and W frozen.
 * W + (α/r)·BA is never formed: that would cost a dense matrix per layer in both directions.
 */
export interface LoraAdapter {
  rank: number;
  alpha: number;
  /** Keyed by the weight they adapt, e.g. `model.layers.0.self_attn.q_proj.weight`. */
  factors: Map<string, { a: Variable; b: Variable }>;
}

export function addLora(y: Tensor2D, x: Tensor2D, adapter: LoraAdapter | null, name: string): Tensor2D {
  const factors = adapter?.factors.get(name);
  if (!adapter || !factors) return y;
  const low = linear(x, factors.a as unknown as Tensor2D);
  return tf.add(y, tf.mul(linear(low, factors.b as unknown as Tensor2D), adapter.alpha / adapter.rank));
}

/** Every linear layer of the blocks, as QLoRA found best (Dettmers et al. 2023). */
function adaptedWeights(config: ModelConfig): [name: string, shape: number[]][] {
  return [...weightShapes(config)].filter(([name]) => name.endsWith('_proj.weight'));
}

/** A fresh adapter: A uniform in ±1/√in (PEFT's Kaiming initialisation with a = √5), B zero, so that it changes nothing. */
export function createLora(config: ModelConfig, rank: number, alpha: number, seed: number): LoraAdapter {
  const factors: LoraAdapter['factors'] = new Map();
  adaptedWeights(config).forEach(([name, [out, width]], index) => {
    const bound = 1 / Math.sqrt(width as number);
    const a = Float32Array.from({ length: rank * (width as number) }, (_, i) => {
      const [bits] = philox([i, index, 0, 0x10ada], [seed >>> 0, 0]);
      return bound * (2 * (bits / 2 ** 32) - 1);
    });
    factors.set(name, {
      a: tf.tidy(() => tf.variable(tf.tensor2d(a, [rank, width as number]))),
      b: tf.tidy(() => tf.variable(tf.zeros([out as number, rank]))),
    });
  });
  return { rank, alpha, factors };
}

const peftName = (name: string, factor: 'A' | 'B') =>
  `base_model.model.${name.replace(/\.weight$/, '')}.lora_${factor}.weight`;

/** Reads an adapter in PEFT's names (adapter_model.safetensors). Weights without factors stay as they are. */
export function loraFromArrays(
  config: ModelConfig,
  arrays: NamedArrays,
  rank: number,
  alpha: number,
): LoraAdapter {
  const factors: LoraAdapter['factors'] = new Map();
  for (const [name] of adaptedWeights(config)) {
    const a = arrays.get(peftName(name, 'A'));
    const b = arrays.get(peftName(name, 'B'));
    if (!a || !b) continue;
    factors.set(name, {
      a: tf.tidy(() => tf.variable(tf.tensor(a.data, a.shape))),
      b: tf.tidy(() => tf.variable(tf.tensor(b.data, b.shape))),
    });
  }
  return { rank, alpha, factors };
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
