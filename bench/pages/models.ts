/** The models of the measurements, as the pages load them. */
import { parseModelConfig } from '../../src/model/config.ts';
import { writeSafetensors } from '../../src/model/formats/safetensors.ts';
import type { ModelFolder } from '../../src/model/formats/model-folder.ts';
import { initialWeights } from '../../src/model/initialise.ts';

export type BenchModel =
  /** A folder in the Hugging Face layout below the shared folder. Its end token is taken away: no row ends early. */
  | { kind: 'folder'; path: string }
  /** One file below the shared folder. */
  | { kind: 'gguf'; path: string }
  /** Random weights: the prototype's shape at another width, heads of 32, and another context. */
  | { kind: 'random'; width: number; context: number };

const LAYERS = 5;

export async function modelFolder(model: BenchModel): Promise<ModelFolder> {
  if (model.kind === 'gguf') return new Map([['model.gguf', await read(model.path)]]);
  if (model.kind === 'random') return randomModel(model.width, model.context);
  const config = JSON.parse(await (await read(`${model.path}/config.json`)).text()) as object;
  return new Map([
    ['config.json', jsonBlob({ ...config, eos_token_id: [] })],
    ['model.safetensors', await read(`${model.path}/model.safetensors`)],
  ]);
}

async function read(path: string): Promise<Blob> {
  const response = await fetch(`/shared/${path}`);
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return response.blob();
}

const jsonBlob = (value: object) => new Blob([JSON.stringify(value)]);

function randomModel(width: number, context: number): ModelFolder {
  const config = {
    model_type: 'llama',
    vocab_size: 768,
    hidden_size: width,
    intermediate_size: Math.round((2.7 * width) / 16) * 16,
    num_hidden_layers: LAYERS,
    num_attention_heads: width / 32,
    head_dim: 32,
    max_position_embeddings: context,
    rms_norm_eps: 1e-6,
    rope_theta: 10_000,
    tie_word_embeddings: true,
    eos_token_id: [],
  };
  const weights = writeSafetensors(initialWeights(parseModelConfig(config), 1));
  return new Map([
    ['config.json', jsonBlob(config)],
    ['model.safetensors', new Blob([weights])],
  ]);
}
