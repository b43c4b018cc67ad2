import type { ModelConfig } from '../config.ts';
import { templateOf } from './chat-template.ts';
import { readJsonFile, readTextFile } from './folder-files.ts';
import { tokenizerFromGguf } from './gguf-vocabulary.ts';
import type { ModelFolder } from './model-folder.ts';
import { modelHash, openWeights } from './model-weights.ts';
import type { TokenizerConfig } from './tokenizer.ts';
import type { WeightSource } from './weight-source.ts';
import type { TokenizerFiles } from './tokenizer-files.ts';

export interface OpenedModel {
  config: ModelConfig;
  weights: WeightSource;
  tokenizer: TokenizerFiles;
  /** Size of the files that hold the weights. */
  bytes: number;
  /** Reads every byte of the weights: seconds for a large model, so it is asked for, in a worker. See modelHash. */
  hash(): Promise<string>;
}

/**
 * Opens a model's folder: safetensors (one file or shards) with config.json and tokenizer.json, or one GGUF file.
 * @throws ModelFolderError, ModelConfigError, WeightFileError or TokenizerError, each with the reason in one sentence
 */
export async function openModel(folder: ModelFolder): Promise<OpenedModel> {
  const { config, weights, bytes, metadata } = await openWeights(folder);
  const tokenizer = metadata ? tokenizerFromGguf(metadata) : await readTokenizer(folder);
  return { config, weights, tokenizer, bytes, hash: () => modelHash(folder) };
}

async function readTokenizer(folder: ModelFolder): Promise<TokenizerFiles> {
  const tokenizerJson = await readJsonFile(folder, 'tokenizer.json');
  const tokenizerConfig: TokenizerConfig = folder.has('tokenizer_config.json')
    ? await readJsonFile(folder, 'tokenizer_config.json')
    : {};
  // transformers writes the template to a file of its own since version 4.51; before, into tokenizer_config.json.
  const chatTemplate =
    (await readTextFile(folder, 'chat_template.jinja')) ?? templateOf(tokenizerConfig.chat_template);
  return { tokenizerJson, tokenizerConfig, chatTemplate };
}
