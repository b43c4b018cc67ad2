import { workersThatFit } from '../../src/harness/device-memory.ts';
import type { ModelConfig } from '../../src/model/config.ts';
import type { ModelFolder } from '../../src/model/formats/model-folder.ts';
import { openModel } from '../../src/model/formats/open-model.ts';
import { createTokenizer, type Tokenizer } from '../../src/model/formats/tokenizer.ts';
import { publishedFormats } from '../../src/model/memory-plan.ts';
import { openEngine } from '../../workers/pool.ts';
import type { BackendName } from '../../src/tensor/backend-name.ts';
import type { Engine } from '../../workers/protocol.ts';

/** Files of a folder that the command line named (see `scripts/vite/local-folders.ts`), as the page gets dropped files. */
export async function localFolder(name: string): Promise<ModelFolder> {
  const files = (await (await read(`/local/${name}/`)).json()) as string[];
  const blobs = new Map<string, Blob>();
  for (const file of files)
    blobs.set(file, await (await read(`/local/${name}/${encodeURIComponent(file)}`)).blob());
  return blobs;
}

async function read(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  return response;
}

/** @throws RangeError for a backend that there is not */
export function checkBackend(name: string): BackendName {
  if (name === 'wasm' || name === 'webgpu') return name;
  throw new RangeError(`There is no backend "${name}"; there are wasm and webgpu.`);
}

/**
 * Opens the model that `--model` named, on the engine that the page uses.
 * @throws ModelTooLargeError with the memory plan, before anything is loaded
 */
export async function openLocalModel(
  backend: string,
  folder = 'model',
): Promise<{ engine: Engine; tokenizer: Tokenizer; config: ModelConfig }> {
  const checked = checkBackend(backend);
  const files = await localFolder(folder);
  const { tokenizer: parts, config, weights } = await openModel(files);
  const workers = await workersThatFit(config, checked, publishedFormats(config, weights));
  const engine = await openEngine({ backend: checked, model: { name: folder, files }, workers });
  const tokenizer = createTokenizer(parts.tokenizerJson, parts.tokenizerConfig, parts.chatTemplate);
  return { engine, tokenizer, config };
}
