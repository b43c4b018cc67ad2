import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { weightShapes, type ModelConfig } from './config.ts';
import type { NamedArrays } from './formats/safetensors.ts';
import type { WeightSource } from './formats/weight-source.ts';
import type { LoraAdapter } from './lora.ts';
import { RotaryTables } from './rotary-table.ts';

/** Weights that do not fit the config, named. */
export class ModelWeightsError extends Error {
  override name = 'ModelWeightsError';
}

/** A weight on the device. */
export type Weight = Variable;

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
  dispose(): void;
}

/**
 * Puts weights on the device, reading them one by one.
 * @throws ModelWeightsError when a tensor is missing, has another shape than the config says, or has no place in it.
 */
export async function createModel(config: ModelConfig, source: WeightSource): Promise<Model> {
  checkWeights(config, source);
  const weights = new Map<string, Weight>();
  const rotary = new RotaryTables(config);
  const dispose = () => {
    tf.dispose([...weights.values()]);
    rotary.dispose();
  };
  try {
    for (const [name, shape] of weightShapes(config)) {
      const data = await readWeight(config, source, name);
      weights.set(
        name,
        tf.tidy(() => tf.variable(tf.tensor(data, shape))),
      );
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return { config, weights, lora: null, rotary, recompute: false, dispose };
}

/** What a multimodal checkpoint puts before, or into, the names of its language model. */
const PREFIXES: ((name: string) => string)[] = [
  (name) => name,
  (name) => `language_model.${name}`,
  (name) => name.replace(/^model\./, 'model.language_model.'),
];

function storedName(source: WeightSource, name: string): string | undefined {
  return PREFIXES.map((prefixed) => prefixed(name)).find((stored) => source.entries.has(stored));
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

/** Norms that multiply by 1 + w hold the sum while they are on the device, so that every norm is the same operation. */
const addsOne = (config: ModelConfig, name: string) => config.normsAddOne && name.endsWith('norm.weight');

function checkShape(name: string, expected: number[], found: number[] | undefined): void {
  if (!found) throw new ModelWeightsError(`The weights lack the tensor "${name}".`);
  if (expected.join() !== found.join()) {
    throw new ModelWeightsError(
      `Tensor "${name}" has shape [${found.join(', ')}], expected [${expected.join(', ')}].`,
    );
  }
}

/** Replaces all weights by those of another checkpoint of the same shapes. */
export async function setWeights(model: Model, source: WeightSource): Promise<void> {
  checkWeights(model.config, source);
  for (const [name, variable] of model.weights) {
    const data = await readWeight(model.config, source, name);
    tf.tidy(() => {
      variable.assign(tf.tensor(data, variable.shape));
    });
  }
}

/** All weights of a model as Hugging Face checkpoints hold them. */
export async function exportWeights({ config, weights }: Model): Promise<NamedArrays> {
  const arrays = await getWeights(weights);
  for (const [name, array] of arrays) {
    if (addsOne(config, name)) arrays.set(name, { ...array, data: array.data.map((w) => w - 1) });
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

export function weight(model: Model, name: string): Weight {
  const variable = model.weights.get(name);
  if (!variable) throw new ModelWeightsError(`The model has no weight "${name}".`);
  return variable;
}

/** The variables of one layer that training changes: its LoRA factors, or without an adapter its weights. */
export function trainedInLayer({ lora, weights }: Model, layer: number): Variable[] {
  const here = ([name]: [string, unknown]) => name.startsWith(`model.layers.${layer}.`);
  if (!lora) return [...weights].filter(here).map(([, variable]) => variable);
  return [...lora.factors].filter(here).flatMap(([, { a, b }]) => [a, b]);
}

/** The output head: its own weights, or the embedding where they are tied. */
export function headWeight(model: Model): Tensor2D {
  const name = model.config.tiedEmbeddings ? 'model.embed_tokens.weight' : 'lm_head.weight';
  return weight(model, name) as unknown as Tensor2D;
}
