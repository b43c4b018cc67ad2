import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Variable } from '@tensorflow/tfjs-core';
import { isPackedFormat } from '../tensor/quantised.ts';
import {
  floatWeight,
  isPacked,
  keepsPackedWeights,
  packedWeight,
  type PackedWeight,
  type Weight as Matrix,
} from '../tensor/weight.ts';
import { parameterCount, weightShapes, type ModelConfig } from './config.ts';
import type { NamedArrays } from './formats/safetensors.ts';
import type { WeightSource } from './formats/weight-source.ts';
import type { LoraAdapter } from './lora.ts';
import { MOST_PARAMETERS_IN_FLOAT } from './memory-plan.ts';
import { RotaryTables } from './rotary-table.ts';
import { addsOne, storedName } from './stored-weights.ts';

/** Weights that do not fit the config, named. */
export class ModelWeightsError extends Error {
  override name = 'ModelWeightsError';
}

/** A weight on the device: float32, which training may change, or a matrix frozen in the bits it was published in. */
export type Weight = Variable | PackedWeight;

/** Weights that stay as published cannot be trained themselves. */
export class FrozenWeightsError extends Error {
  override name = 'FrozenWeightsError';
}

/** A decoder-only transformer on the current backend. Owns its tensors until `dispose`. */
export interface Model {
  config: ModelConfig;
  /** By their Hugging Face names. Norms that multiply by 1 + w hold 1 + w. */
  weights: Map<string, Weight>;
  /** Added to the frozen weights while present; owned by whoever attached it. */
  lora: LoraAdapter | null;
  rotary: RotaryTables;
  /** While training: layers keep their inputs only and compute their activations again in the backward pass. */
  recompute: boolean;
  /** Called before every pass with its number of tokens: a pass cannot be interrupted. */
  onPass: ((tokens: number) => void) | null;
  dispose(): void;
}

/**
 * Puts weights on the device, reading them one by one.
 * @param trainable whether all weights will be trained. If not, WebGPU keeps matrices in the bits they were published
 * in (bfloat16, GGUF's blocks); norms and biases are float32 always, as is everything on WASM
 * @throws ModelWeightsError when a tensor is missing, has another shape than the config says, or has no place in it.
 */
export async function createModel(
  config: ModelConfig,
  source: WeightSource,
  trainable = parameterCount(config) <= MOST_PARAMETERS_IN_FLOAT,
): Promise<Model> {
  checkWeights(config, source);
  const weights = new Map<string, Weight>();
  const rotary = new RotaryTables(config);
  const dispose = () => {
    tf.dispose([...weights.values()].map((weight) => (isPacked(weight) ? weight.words : weight)));
    rotary.dispose();
  };
  try {
    for (const [name, shape] of weightShapes(config)) {
      const packed = trainable ? null : await readPacked(source, name, shape);
      weights.set(name, packed ?? floatWeight(await readWeight(config, source, name), shape));
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return { config, weights, lora: null, rotary, recompute: false, onPass: null, dispose };
}

/** Tensors of a language model that nothing here reads: the rotary frequencies follow from the config. */
const UNREAD = /rotary_emb\.inv_freq$|^lm_head\.weight$/;

function checkWeights(config: ModelConfig, source: WeightSource): void {
  const shapes = weightShapes(config);
  for (const [name, shape] of shapes) {
    const stored = storedName(source, name);
    checkShape(name, shape, stored === undefined ? undefined : source.entries.get(stored)?.shape);
  }
  for (const name of source.entries.keys()) {
    if (!/^(model\.(layers|norm|embed_tokens)\.|lm_head\.)/.test(name)) continue;
    if (shapes.has(name) || UNREAD.test(name)) continue;
    throw new ModelWeightsError(
      `The weights hold the tensor "${name}", for which the configuration of this ${config.architecture} model has no place.`,
    );
  }
}

async function readWeight(config: ModelConfig, source: WeightSource, name: string): Promise<Float32Array> {
  const data = await source.read(storedName(source, name) ?? name);
  return addsOne(config, name) && !source.normsIncludeOne ? data.map((w) => 1 + w) : data;
}

/** A matrix as published; null where it is float32 in the file or the backend has no kernels for it. */
async function readPacked(source: WeightSource, name: string, shape: number[]): Promise<PackedWeight | null> {
  const stored = storedName(source, name) ?? name;
  const format = source.entries.get(stored)?.format;
  if (!format || !isPackedFormat(format) || shape.length !== 2 || !keepsPackedWeights()) return null;
  return packedWeight(await source.readRaw(stored), format, shape as [number, number]);
}

function checkShape(name: string, expected: number[], found: number[] | undefined): void {
  if (!found) throw new ModelWeightsError(`The weights lack the tensor "${name}".`);
  if (expected.join() !== found.join()) {
    throw new ModelWeightsError(
      `Tensor "${name}" has shape [${found.join(', ')}], expected [${expected.join(', ')}].`,
    );
  }
}

/**
 * The weights by name, to be trained or replaced.
 * @throws FrozenWeightsError when the GPU holds some of them as published
 */
export function trainableWeights({ weights }: Model): Map<string, Variable> {
  for (const weight of weights.values()) {
    if (!isPacked(weight)) continue;
    throw new FrozenWeightsError(
      `The GPU holds this model's weights as published (${weight.format}), so they cannot be trained themselves. ` +
        'Train a LoRA adapter, or use the CPU engine.',
    );
  }
  return weights as Map<string, Variable>;
}

/**
 * Replaces all weights by those of another checkpoint of the same shapes.
 * @throws FrozenWeightsError when the GPU holds some of them as published
 */
export async function setWeights(model: Model, source: WeightSource): Promise<void> {
  checkWeights(model.config, source);
  for (const [name, variable] of trainableWeights(model)) {
    const data = await readWeight(model.config, source, name);
    tf.tidy(() => {
      variable.assign(tf.tensor(data, variable.shape));
    });
  }
}

/**
 * All weights of a model as Hugging Face checkpoints hold them.
 * @throws FrozenWeightsError when the GPU holds some of them as published
 */
export async function exportWeights(model: Model): Promise<NamedArrays> {
  const arrays = await getWeights(trainableWeights(model));
  for (const [name, array] of arrays) {
    if (addsOne(model.config, name)) arrays.set(name, { ...array, data: array.data.map((w) => w - 1) });
  }
  return arrays;
}

/** The variables' values as they are. */
export async function getWeights(variables: Map<string, Variable>): Promise<NamedArrays> {
  const arrays: NamedArrays = new Map();
  for (const [name, variable] of variables) {
    arrays.set(name, { shape: variable.shape, data: (await variable.data()) as Float32Array });
  }
  return arrays;
}

function weight(model: Model, name: string): Weight {
  const found = model.weights.get(name);
  if (!found) throw new ModelWeightsError(`The model has no weight "${name}".`);
  return found;
}

/** The weight of a linear layer, or the embedding. */
export function matrix(model: Model, name: string): Matrix {
  return weight(model, name) as Matrix;
}

/** A norm or a bias: float32 always. */
export function vector(model: Model, name: string): Tensor1D {
  return weight(model, name) as Tensor1D;
}

/** The variables of one layer that training changes: its LoRA factors, or without an adapter its weights. */
export function trainedInLayer(model: Model, layer: number): Variable[] {
  const here = ([name]: [string, unknown]) => name.startsWith(`model.layers.${layer}.`);
  if (!model.lora) return [...trainableWeights(model)].filter(here).map(([, variable]) => variable);
  return [...model.lora.factors].filter(here).flatMap(([, { a, b }]) => [a, b]);
}

/** The output head: its own weights, or the embedding where they are tied. */
export function headWeight(model: Model): Matrix {
  const name = model.config.tiedEmbeddings ? 'model.embed_tokens.weight' : 'lm_head.weight';
  return matrix(model, name);
}
