import { openJudge, type OpenJudge } from '../../src/harness/open-judge.ts';
import { readModel } from '../../src/harness/published-model.ts';
import type { PointProtocol } from '../../src/judge/protocol.ts';
import type { ModelConfig } from '../../src/model/config.ts';
import type { ModelFolder } from '../../src/model/formats/model-folder.ts';
import type { Tokenizer } from '../../src/model/formats/tokenizer.ts';
import { openEngine } from '../../workers/pool.ts';
import type { BackendName, Engine } from '../../workers/protocol.ts';

/** What `runInChromium` calls the folder that `--model` named. */
const MODEL = 'model';

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
 * Opens the model that `--model` named as a judge.
 * @param protocol how it is asked; by default as its kind is
 * @throws ModelTooLargeError with the memory plan, before anything is loaded
 */
export async function openLocalJudge(backend: string, protocol?: PointProtocol): Promise<OpenJudge> {
  const checked = checkBackend(backend);
  const source = { name: MODEL, files: await localFolder(MODEL) };
  return openJudge(openEngine, { backend: checked, source, ...(protocol && { protocol }) });
}

/**
 * Opens the model that `--model` named for work that asks it nothing.
 * @throws ModelTooLargeError with the memory plan, before anything is loaded
 */
export async function openLocalModel(
  backend: string,
): Promise<{ engine: Engine; tokenizer: Tokenizer; config: ModelConfig }> {
  const checked = checkBackend(backend);
  const files = await localFolder(MODEL);
  const { workers, ...model } = await readModel(files, checked);
  return { ...model, engine: await openEngine({ backend: checked, model: { name: MODEL, files }, workers }) };
}
