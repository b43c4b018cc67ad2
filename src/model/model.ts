import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { weightShapes, type ModelConfig } from './config.ts';
import type { NamedArrays } from './formats/safetensors.ts';
import { rotaryTable } from './rotary-table.ts';
import type { LoraAdapter } from './lora.ts';

/** Weights that do not fit the config, named. */
export class ModelWeightsError extends Error {
  override name = 'ModelWeightsError';
}

/** A decoder-only transformer on the current backend. Owns its tensors until `dispose`. */
export interface Model {
  config: ModelConfig;
  weights: Map<string, Variable>;
  /** Added to the frozen weights while present; owned by whoever attached it. */
  lora: LoraAdapter | null;
  rotary: Tensor2D;
  dispose(): void;
}

/**
 * Puts weights on the device.
 * @throws ModelWeightsError when a tensor is missing or has another shape than the config says.
 */
export function createModel(config: ModelConfig, arrays: NamedArrays): Model {
  const shapes = weightShapes(config);
  for (const [name, shape] of shapes) checkShape(name, shape, arrays.get(name)?.shape);
  const weights = new Map<string, Variable>();
  for (const [name, shape] of shapes) {
    const { data } = arrays.get(name) as { data: Float32Array };
    weights.set(
      name,
      tf.tidy(() => tf.variable(tf.tensor(data, shape))),
    );
  }
  const rotary = rotaryTable(config.contextLength, config.headSize, config.ropeTheta);
  return {
    config,
    weights,
    lora: null,
    rotary,
    dispose: () => {
      tf.dispose([...weights.values(), rotary]);
    },
  };
}

function checkShape(name: string, expected: number[], found: number[] | undefined): void {
  if (!found) throw new ModelWeightsError(`The weights lack the tensor "${name}".`);
  if (expected.join() !== found.join()) {
    throw new ModelWeightsError(
      `Tensor "${name}" has shape [${found.join(', ')}], expected [${expected.join(', ')}].`,
    );
  }
}

/** Replaces all weights by those of another checkpoint of the same shapes. */
export function setWeights(model: Model, arrays: NamedArrays): void {
  for (const [name, variable] of model.weights) {
    const array = arrays.get(name);
    checkShape(name, variable.shape, array?.shape);
    tf.tidy(() => {
      variable.assign(tf.tensor((array as { data: Float32Array }).data, variable.shape));
    });
  }
}

export async function getWeights(variables: Map<string, Variable>): Promise<NamedArrays> {
  const arrays: NamedArrays = new Map();
  for (const [name, variable] of variables) {
    arrays.set(name, { shape: variable.shape, data: (await variable.data()) as Float32Array });
  }
  return arrays;
}

export function weight(model: Model, name: string): Variable {
  const variable = model.weights.get(name);
  if (!variable) throw new ModelWeightsError(`The model has no weight "${name}".`);
  return variable;
}

/** The output head: its own weights, or the embedding where they are tied. */
export function headWeight(model: Model): Tensor2D {
  const name = model.config.tiedEmbeddings ? 'model.embed_tokens.weight' : 'lm_head.weight';
  return weight(model, name) as unknown as Tensor2D;
}
