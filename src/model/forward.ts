import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { joinColumns } from '../tensor/ops/join-columns/op.ts';
import { linear } from '../tensor/ops/linear/op.ts';
import { rmsNorm } from '../tensor/ops/rms-norm/op.ts';
import { rotary } from '../tensor/ops/rotary/op.ts';
import { swiglu } from '../tensor/ops/swiglu/op.ts';
import { takeRows } from '../tensor/ops/take-rows/op.ts';
import type { HeadLayout } from '../tensor/ops/attention/op.ts';
import type { ModelConfig } from './config.ts';
import { addLora } from './lora.ts';
import { headWeight, weight, type Model } from './model.ts';

/** What a layer's queries look at: the packed batch itself (training, prefill) or a KV cache (decoding). */
export type Attend = (qkv: Tensor2D, layer: number) => Tensor2D;

export function headLayout(config: ModelConfig): HeadLayout {
  const { heads, kvHeads, headSize } = config;
  return { heads, kvHeads, headSize, scale: 1 / Math.sqrt(headSize) };
}

/**
 * The Llama forward pass (Touvron et al. 2023) over a flat row of tokens; one function for training, prefill and
 * decoding, which differ only in what `attend` looks at.
 * @param ids int32 [n]
 * @param positions int32 [n], each below the context length
 * @returns final hidden states [n, hiddenSize], normalised
 */
export function forward(model: Model, ids: Tensor1D, positions: Tensor1D, attend: Attend): Tensor2D {
  let x = takeRows(weight(model, 'model.embed_tokens.weight') as unknown as Tensor2D, ids);
  for (let layer = 0; layer < model.config.layers; layer++) x = block(model, layer, x, positions, attend);
  return norm(model, 'model.norm.weight', x);
}

function block(model: Model, layer: number, x: Tensor2D, positions: Tensor1D, attend: Attend): Tensor2D {
  return tf.tidy(() => {
    const at = `model.layers.${layer}`;
    const a = norm(model, `${at}.input_layernorm.weight`, x);
    const q = rotary(project(model, `${at}.self_attn.q_proj.weight`, a), positions, model.rotary);
    const k = rotary(project(model, `${at}.self_attn.k_proj.weight`, a), positions, model.rotary);
    const v = project(model, `${at}.self_attn.v_proj.weight`, a);
    const seen = attend(joinColumns(q, k, v), layer);
    const y = tf.add<Tensor2D>(x, project(model, `${at}.self_attn.o_proj.weight`, seen));
    const b = norm(model, `${at}.post_attention_layernorm.weight`, y);
    const gate = project(model, `${at}.mlp.gate_proj.weight`, b);
    const up = project(model, `${at}.mlp.up_proj.weight`, b);
    return tf.add(y, project(model, `${at}.mlp.down_proj.weight`, swiglu(gate, up)));
  });
}

function norm(model: Model, name: string, x: Tensor2D): Tensor2D {
  return rmsNorm(x, weight(model, name) as unknown as Tensor1D, model.config.normEpsilon);
}

/** A linear layer, with its LoRA factors where an adapter is attached. */
function project(model: Model, name: string, x: Tensor2D): Tensor2D {
  return addLora(linear(x, weight(model, name) as unknown as Tensor2D), x, model.lora, name);
}

/** Logits [n, vocabulary] of hidden states. */
export function logits(model: Model, hidden: Tensor2D): Tensor2D {
  return linear(hidden, headWeight(model));
}
