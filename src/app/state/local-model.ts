import { modelChoices, type ModelChoice } from '../../model/formats/model-choices.ts';

/** A file of the reader's with its path in what was chosen or dropped. */
export interface LocalFile {
  path: string;
  bytes: number;
  file: File;
}

/** A folder or file on this device, and how it can be loaded. */
export interface LocalModel {
  name: string;
  choices: ModelChoice<LocalFile>[];
}

/** Thrown when what was chosen holds no model. */
export class NoModelHereError extends Error {
  override name = 'NoModelHereError';
}

/** More files than a model's folder has; a dropped home directory is not read to its end. */
const MOST_FILES = 2000;

/** Files chosen by a picker; a folder's carry their path in `webkitRelativePath`. @throws NoModelHereError */
export function localModel(files: Iterable<File>): LocalModel {
  const all = Array.from(files, (file) => ({
    path: file.webkitRelativePath || file.name,
    bytes: file.size,
    file,
  }));
  return modelIn(all);
}

/** What was dropped: files, or folders with all they hold. Call it within the event. @throws NoModelHereError */
export async function droppedModel(items: DataTransferItemList): Promise<LocalModel> {
  // Entries must be taken before the first await: the list is empty afterwards.
  const entries = Array.from(items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found: LocalFile[] = [];
  for (const entry of entries) await collect(entry, found);
  return modelIn(found);
}

/** The model in the uppermost folder that holds one. */
function modelIn(files: LocalFile[]): LocalModel {
  const folders = [...new Set(files.map(({ path }) => folderOf(path)))].sort((a, b) => depth(a) - depth(b));
  for (const folder of folders) {
    const inside = files
      .filter(({ path }) => folderOf(path) === folder)
      .map((file) => ({ ...file, path: file.path.slice(folder.length) }));
    const choices = modelChoices(inside);
    if (choices.length > 0) return { name: nameOf(folder, choices[0]!), choices };
  }
  throw new NoModelHereError(
    'There is no model in this. It takes a .gguf file, or config.json, tokenizer.json and model.safetensors (with its ' +
      'index where it is in parts) together.',
  );
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
const depth = (folder: string) => folder.split('/').length;

function nameOf(folder: string, { weights }: ModelChoice<LocalFile>): string {
  if (weights !== 'safetensors') return weights.replace(/\.gguf$/i, '');
  return folder.split('/').at(-2) ?? 'local model';
}

async function collect(entry: FileSystemEntry, found: LocalFile[]): Promise<void> {
  if (found.length >= MOST_FILES) return;
  if (entry instanceof FileSystemFileEntry) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push({ path: entry.fullPath.replace(/^\//, ''), bytes: file.size, file });
  } else if (entry instanceof FileSystemDirectoryEntry) {
    const reader = entry.createReader();
    // A reader gives at most 100 entries at a time, and none at the end.
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      );
      if (some.length === 0) return;
      for (const one of some) await collect(one, found);
    }
  }
}
