import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { attention, slidingSpans } from '../tensor/ops/attention/op.ts';
import { takeRows } from '../tensor/ops/take-rows/op.ts';
import { tokenLogprob, tokenStatistics, type TokenStatistics } from '../tensor/ops/token-logprob/op.ts';
import { forward, headLayout, logits } from './forward.ts';
import { logitRows } from './logit-rows.ts';
import type { ModelConfig } from './config.ts';
import { headWeight, type Model } from './model.ts';
import {
  disposePacked,
  inTokenBudget,
  packGroups,
  packedLength,
  packedTensors,
  type PackedBatch,
  type PackedTensors,
  type PromptGroup,
} from './packed-batch.ts';

/** Hidden states of a packed batch: the training forward pass. */
export function packedHidden(model: Model, batch: PackedTensors): Tensor2D {
  const layout = headLayout(model.config);
  const spansOf = packedSpans(model.config, batch.spans);
  return forward(model, batch, (qkv, layer) => attention(qkv, spansOf(layer), layout));
}

/**
 * What each layer's tokens may see of a packed batch, see `attention`. Made when it is asked for: a layer that is
 * recomputed asks again in the backward pass, when the tensors of the forward pass are gone.
 */
export function packedSpans(config: ModelConfig, spans: Tensor2D): (layer: number) => Tensor2D {
  return (layer) => (config.layerTypes[layer] === 'full' ? spans : slidingSpans(spans, config.window));
}

/** log p of every target of a packed batch, [targets]. Differentiable. */
export function packedLogprobs(model: Model, batch: PackedTensors): Tensor1D {
  const hidden = takeRows(packedHidden(model, batch), batch.rows);
  return tokenLogprob(hidden, headWeight(model), batch.targets);
}

/** The same, with entropy, mean logit and hit of every target. */
export function packedStatistics(model: Model, batch: PackedTensors): TokenStatistics {
  const hidden = takeRows(packedHidden(model, batch), batch.rows);
  return tokenStatistics(hidden, headWeight(model), batch.targets);
}

/** Puts a batch on the device, computes one tensor from it and reads that back; frees all, also when it fails. */
async function valuesOf(
  packed: PackedBatch,
  compute: (batch: PackedTensors) => Tensor,
): Promise<Float32Array> {
  const batch = packedTensors(packed);
  try {
    const result = tf.tidy(() => compute(batch));
    const values = (await result.data()) as Float32Array;
    result.dispose();
    return values;
  } finally {
    disposePacked(batch);
  }
}

/**
 * Per-token log-probabilities of completions, by the training forward pass.
 * @param tokens most tokens in one forward pass: bounds memory, and lets a cancelled run stop soon
 * @returns one array per completion, in the order of the groups
 */
export async function completionLogprobs(
  model: Model,
  groups: PromptGroup[],
  tokens: number,
  pause: () => Promise<void> = async () => {},
): Promise<Float32Array[]> {
  const results: Float32Array[] = [];
  for (const run of inTokenBudget(groups, packedLength, tokens)) {
    const packed = packGroups(run);
    const values = await valuesOf(packed, (batch) => packedLogprobs(model, batch));
    packed.offsets.slice(1).forEach((end, i) => results.push(values.slice(packed.offsets[i], end)));
    await pause();
  }
  return results;
}

/**
 * log p(candidate | context) of the token after each context.
 * @param tokens most tokens in one forward pass
 * @returns [contexts][candidates]
 */
export async function nextTokenLogprobs(
  model: Model,
  contexts: Int32Array[],
  candidates: number[],
  tokens: number,
): Promise<Float32Array[]> {
  const results: Float32Array[] = [];
  // Each context makes a row of logits, and those are bounded too.
  const length = (ids: Int32Array) => Math.max(ids.length, tokens / logitRows(model.config));
  for (const run of inTokenBudget(contexts, length, tokens)) {
    // A context is a prompt with one more token to predict; which one does not matter here.
    const packed = packGroups(run.map((prompt) => ({ prompt, completions: [new Int32Array(1)] })));
    const values = await valuesOf(packed, (batch) =>
      tf.logSoftmax(logits(model, takeRows(packedHidden(model, batch), batch.rows))),
    );
    const width = model.config.vocabularySize;
    run.forEach((_, i) => {
      results.push(Float32Array.from(candidates, (id) => values[i * width + id] as number));
    });
  }
  return results;
}
