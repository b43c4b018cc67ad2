import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { glu } from '../tensor/ops/glu/op.ts';
import { linear } from '../tensor/ops/linear/op.ts';
import { rmsNorm } from '../tensor/ops/rms-norm/op.ts';
import { rotary } from '../tensor/ops/rotary/op.ts';
import { takeRows } from '../tensor/ops/take-rows/op.ts';
import type { HeadLayout } from '../tensor/ops/attention/head-layout.ts';
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
  const { layerTypes, embeddingScale, heads, kvHeads } = model.config;
  model.onPass?.(ids.size);
  const tables = model.rotary.cover(length);
  let x = takeRows(matrix(model, 'model.embed_tokens.weight'), ids);
  if (embeddingScale !== 1) x = tf.mul(x, embeddingScale);
  layerTypes.forEach((type, layer) => {
    const turn = (qkv: Tensor2D) => rotary(qkv, positions, tables[type] as Tensor2D, heads + kvHeads);
    const next = (input: Tensor2D) => block(model, layer, input, (qkv) => attend(turn(qkv), layer));
    x = model.recompute ? recomputed(next, x, trainedInLayer(model, layer)) : next(x);
  });
  return norm(model, 'model.norm', x);
}

/** Attention and MLP, each between its norms and added to the residual stream x [n, hiddenSize]. */
function block(model: Model, layer: number, x: Tensor2D, attend: (qkv: Tensor2D) => Tensor2D): Tensor2D {
  const { norms, activation } = model.config;
  const at = `model.layers.${layer}`;
  const [attention, mlp] = [`${at}.self_attn`, `${at}.mlp`];
  const place = (name: string | null) => name && `${at}.${name}`;
  return tf.tidy(() => {
    const input = norm(model, place(norms.beforeAttention), x);
    const qkv = project(model, attention, ['q_proj', 'k_proj', 'v_proj'], input);
    const seen = attend(headNorms(model, attention, qkv));
    const y = residual(model, attention, 'o_proj', seen, x, place(norms.afterAttention));
    const between = norm(model, place(norms.beforeMlp), y);
    const gateUp = project(model, mlp, ['gate_proj', 'up_proj'], between);
    return residual(model, mlp, 'down_proj', glu(gateUp, activation), y, place(norms.afterMlp));
  });
}

/** stream + projection of x; where the architecture normalises what is added, the sum cannot be part of the product. */
function residual(
  model: Model,
  at: string,
  projection: Projection,
  x: Tensor2D,
  stream: Tensor2D,
  normName: string | null,
): Tensor2D {
  if (normName === null) return project(model, at, [projection], x, stream);
  return tf.add(stream, norm(model, normName, project(model, at, [projection], x)));
}

/** RMSNorm of each row; the identity where the architecture has no norm in this place. */
function norm(model: Model, name: string | null, x: Tensor2D): Tensor2D {
  if (name === null) return x;
  return rmsNorm(x, vector(model, `${name}.weight`), model.config.normEpsilon);
}

/** RMSNorm of each query and each key; the identity where the architecture has none. */
function headNorms(model: Model, at: string, qkv: Tensor2D): Tensor2D {
  const { queryKeyNorm, heads, kvHeads, normEpsilon } = model.config;
  if (!queryKeyNorm) return qkv;
  const weight = (name: string) => vector(model, `${at}.${name}.weight`);
  const q = rmsNorm(qkv, weight('q_norm'), normEpsilon, { begin: 0, end: heads });
  return rmsNorm(q, weight('k_norm'), normEpsilon, { begin: heads, end: heads + kvHeads });
}

/**
 * Linear layers over the same x, their outputs beside each other, with biases where they have them and LoRA factors where an
 * adapter is attached.
 * @param addend what they are added to
 */
function project(
  model: Model,
  at: string,
  projections: Projection[],
  x: Tensor2D,
  addend?: Tensor2D,
): Tensor2D {
  const names = projections.map((projection) => `${at}.${projection}.weight`);
  const weights = names.map((name) => matrix(model, name));
  const product = linear(x, weights, { addend });
  const biased = projections.filter((projection) => model.config.biases.includes(projection));
  const biases = biased.map((projection) => vector(model, `${at}.${projection}.bias`));
  const y = biases.length > 0 ? tf.add<Tensor2D>(product, tf.concat(biases)) : product;
  const adapted = names.map((name, i) => ({ name, width: weights[i]!.shape[0] }));
  return addLora(y, x, model.lora, adapted);
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
