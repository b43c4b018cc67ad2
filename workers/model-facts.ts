import { parameterCount } from '../src/model/config.ts';
import type { ModelFolder } from '../src/model/formats/model-folder.ts';
import { modelHash, openWeights } from '../src/model/formats/model-weights.ts';
import type { ModelFacts } from './replica.ts';

/** Reads headers, and every byte of the weights for their hash. */
export async function modelFacts(files: ModelFolder): Promise<ModelFacts> {
  const { config, bytes } = await openWeights(files);
  return {
    hash: await modelHash(files),
    architecture: config.architecture,
    parameters: parameterCount(config),
    layers: config.layers,
    hiddenSize: config.hiddenSize,
    vocabularySize: config.vocabularySize,
    contextLength: config.contextLength,
    bytes,
  };
}
