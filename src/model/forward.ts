import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { glu } from '../tensor/ops/glu/op.ts';
import { joinColumns } from '../tensor/ops/join-columns/op.ts';
import { linear } from '../tensor/ops/linear/op.ts';
import { rmsNorm } from '../tensor/ops/rms-norm/op.ts';
import { rotary } from '../tensor/ops/rotary/op.ts';
import { takeRows } from '../tensor/ops/take-rows/op.ts';
import type { HeadLayout } from '../tensor/ops/attention/op.ts';
import type { Projection } from './architectures.ts';
import type { LayerType, ModelConfig } from './config.ts';
import { addLora } from './lora.ts';
import { headWeight, matrix, trainedInLayer, vector, type Model } from './model.ts';
import { recomputed } from './recompute.ts';

/** A flat row of tokens on the device. */
export interface Tokens {
  /** int32 [n] */
  ids: Tensor1D;
  /** int32 [n], each below `length` */
  positions: Tensor1D;
  length: number;
}

/** What a layer's queries look at: the packed batch itself (training, prefill) or a KV cache (decoding). */
export type Attend = (qkv: Tensor2D, layer: number) => Tensor2D;

export function headLayout(config: ModelConfig): HeadLayout {
  const { heads, kvHeads, headSize, queryScale } = config;
  return { heads, kvHeads, headSize, scale: queryScale };
}

/**
 * The forward pass of a decoder-only transformer (Touvron et al. 2023, with what architectures.ts adds) over a flat
 * row of tokens; one function for training, prefill and decoding, which differ only in what `attend` looks at.
 * @returns final hidden states [n, hiddenSize], normalised
 * @throws ContextLengthError where a position lies beyond the model's context
 */
export function forward(model: Model, { ids, positions, length }: Tokens, attend: Attend): Tensor2D {
  const { layerTypes, embeddingScale } = model.config;
  const tables = model.rotary.cover(length);
  let x = takeRows(matrix(model, 'model.embed_tokens.weight'), ids);
  if (embeddingScale !== 1) x = tf.mul(x, embeddingScale);
  layerTypes.forEach((type, layer) => {
    const turn = (q: Tensor2D) => rotary(q, positions, tables[type] as Tensor2D);
    const next = (input: Tensor2D) => block(model, layer, input, turn, attend);
    x = model.recompute ? recomputed(next, x, trainedInLayer(model, layer)) : next(x);
  });
  return norm(model, 'model.norm', x);
}

/** Attention and MLP, each between its norms and added to the residual stream x [n, hiddenSize]. */
function block(
  model: Model,
  layer: number,
  x: Tensor2D,
  turn: (q: Tensor2D) => Tensor2D,
  attend: Attend,
): Tensor2D {
  const at = `model.layers.${layer}`;
  const { beforeAttention, afterAttention, beforeMlp, afterMlp } = model.config.norms;
  const place = (name: string | null) => name && `${at}.${name}`;
  return tf.tidy(() => {
    const seen = selfAttention(model, layer, norm(model, place(beforeAttention), x), turn, attend);
    const y = tf.add<Tensor2D>(x, norm(model, place(afterAttention), seen));
    const changed = mlp(model, `${at}.mlp`, norm(model, place(beforeMlp), y));
    return tf.add(y, norm(model, place(afterMlp), changed));
  });
}

function selfAttention(
  model: Model,
  layer: number,
  x: Tensor2D,
  turn: (q: Tensor2D) => Tensor2D,
  attend: Attend,
): Tensor2D {
  const at = `model.layers.${layer}.self_attn`;
  const q = turn(headNorm(model, `${at}.q_norm`, project(model, at, 'q_proj', x)));
  const k = turn(headNorm(model, `${at}.k_norm`, project(model, at, 'k_proj', x)));
  const v = project(model, at, 'v_proj', x);
  return project(model, at, 'o_proj', attend(joinColumns(q, k, v), layer));
}

function mlp(model: Model, at: string, x: Tensor2D): Tensor2D {
  const gate = project(model, at, 'gate_proj', x);
  const up = project(model, at, 'up_proj', x);
  return project(model, at, 'down_proj', glu(gate, up, model.config.activation));
}

/** RMSNorm of each row; the identity where the architecture has no norm in this place. */
function norm(model: Model, name: string | null, x: Tensor2D): Tensor2D {
  if (name === null) return x;
  return rmsNorm(x, vector(model, `${name}.weight`), model.config.normEpsilon);
}

/** RMSNorm of each head of each row, [n, heads · d]; the identity where the architecture has none. */
function headNorm(model: Model, name: string, x: Tensor2D): Tensor2D {
  const { queryKeyNorm, headSize } = model.config;
  if (!queryKeyNorm) return x;
  return tf.reshape(norm(model, name, tf.reshape(x, [-1, headSize])), x.shape);
}

/** A linear layer, with its bias where it has one, and its LoRA factors where an adapter is attached. */
function project(model: Model, at: string, projection: Projection, x: Tensor2D): Tensor2D {
  const name = `${at}.${projection}.weight`;
  const product = linear(x, matrix(model, name));
  const y = model.config.biases.includes(projection)
    ? tf.add<Tensor2D>(product, vector(model, `${at}.${projection}.bias`))
    : product;
  return addLora(y, x, model.lora, name);
}

/** Layers of a type attend alike: `choose` is asked once for each type, not for each layer. */
export function byLayerType<T>(config: ModelConfig, choose: (type: LayerType) => T): (layer: number) => T {
  const chosen = new Map<LayerType, T>();
  for (const type of new Set(config.layerTypes)) chosen.set(type, choose(type));
  return (layer) => chosen.get(config.layerTypes[layer] as LayerType) as T;
}

/** Logits [n, vocabulary] of hidden states. */
export function logits(model: Model, hidden: Tensor2D): Tensor2D {
  return linear(hidden, headWeight(model));
}
