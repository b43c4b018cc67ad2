import type { ModelFolder } from './model-folder.ts';

/** A folder that lacks what a model needs, with the reason in words. */
export class ModelFolderError extends Error {
  override name = 'ModelFolderError';
}

/** The largest tokenizer.json of published models (Gemma 3) takes 33 MB. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

/** @throws ModelFolderError when the file is too large to be what its name says, or cannot be read any more */
export async function readTextFile(folder: ModelFolder, path: string): Promise<string | null> {
  const file = folder.get(path);
  if (!file) return null;
  if (file.size > MAX_TEXT_BYTES) throw new ModelFolderError(`${path} is too large (${file.size} bytes).`);
  return file.text().catch((cause: unknown) => {
    throw new ModelFolderError(`${path} was moved or changed since it was opened: open it again.`, { cause });
  });
}

/** @throws ModelFolderError when there is no such file, or it holds no JSON object */
export async function readJsonFile(folder: ModelFolder, path: string): Promise<object> {
  const text = await readTextFile(folder, path);
  if (text === null) throw new ModelFolderError(`The folder lacks ${path}.`);
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json;
  } catch (cause) {
    throw new ModelFolderError(`${path} is not JSON.`, { cause });
  }
  throw new ModelFolderError(`${path} is not a JSON object.`);
}
