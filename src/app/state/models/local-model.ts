import { modelChoices, type ModelChoice } from '../../../model/formats/model-choices.ts';
import type { ModelFolder } from '../../../model/formats/model-folder.ts';

/** A file of the reader's with its path in what was chosen or dropped. */
export interface LocalFile {
  path: string;
  bytes: number;
  file: Blob;
}

/** A folder or file on this device that holds a model, and how it can be loaded. */
export interface LocalModel {
  kind: 'model';
  name: string;
  choices: ModelChoice<LocalFile>[];
}

/** A LoRA adapter's files on this device. */
export interface LocalAdapter {
  kind: 'adapter';
  name: string;
  files: ModelFolder;
}

/** Thrown when what was chosen holds neither model nor adapter. */
export class NoModelHereError extends Error {
  override name = 'NoModelHereError';
}

/** More files than a model's folder has; a dropped home directory is not read to its end. */
const MOST_FILES = 2000;

/** Files chosen by a picker; a folder's carry their path in `webkitRelativePath`. @throws NoModelHereError, ZipError */
export function chosenHere(files: Iterable<File>): Promise<LocalModel | LocalAdapter> {
  const all = Array.from(files, (file) => ({
    path: file.webkitRelativePath || file.name,
    bytes: file.size,
    file,
  }));
  return findIn(all);
}

/** What was dropped: files, or folders with all they hold. Call it within the event. @throws NoModelHereError, ZipError */
export async function droppedHere(items: DataTransferItemList): Promise<LocalModel | LocalAdapter> {
  // Entries must be taken before the first await: the list is empty afterwards.
  const entries = Array.from(items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found: LocalFile[] = [];
  for (const entry of entries) await collect(entry, found);
  return findIn(found);
}

/** The model or the adapter in the uppermost folder that holds one; an archive is a folder, too. */
async function findIn(packed: LocalFile[]): Promise<LocalModel | LocalAdapter> {
  const files = (await Promise.all(packed.map(unpacked))).flat();
  const folders = [...new Set(files.map(({ path }) => folderOf(path)))].sort((a, b) => depth(a) - depth(b));
  for (const folder of folders) {
    const inside = files
      .filter(({ path }) => folderOf(path) === folder)
      .map((file) => ({ ...file, path: file.path.slice(folder.length) }));
    const choices = modelChoices(inside);
    if (choices.length > 0) return { kind: 'model', name: nameOf(folder, choices[0]!), choices };
    if (inside.some(({ path }) => path.startsWith('adapter_')))
      return { kind: 'adapter', name: lastFolder(folder) ?? 'adapter', files: filesOf(inside) };
  }
  throw new NoModelHereError(
    'There is no model in this. It takes a .gguf file, or config.json, tokenizer.json and model.safetensors (with its ' +
      'index where it is in parts) together; or adapter_config.json and adapter_model.safetensors for an adapter.',
  );
}

/** What was chosen itself; archives inside a folder are left alone. */
const ARCHIVE = /^[^/]+\.zip$/i;

async function unpacked(packed: LocalFile): Promise<LocalFile[]> {
  if (!ARCHIVE.test(packed.path)) return [packed];
  const folder = packed.path.replace(/\.zip$/i, '');
  const { readZip } = await import('../../../model/formats/zip.ts');
  const files = await readZip(packed.file);
  return [...files].map(([path, file]) => ({ path: `${folder}/${path}`, bytes: file.size, file }));
}

/** Files by their path, as formats are read from. */
export const filesOf = (files: readonly LocalFile[]): ModelFolder =>
  new Map(files.map(({ path, file }) => [path, file]));

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
const lastFolder = (folder: string) => folder.split('/').at(-2);
const depth = (folder: string) => folder.split('/').length;

function nameOf(folder: string, { weights }: ModelChoice<LocalFile>): string {
  if (weights !== 'safetensors') return weights.replace(/\.gguf$/i, '');
  return lastFolder(folder) ?? 'local model';
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
