import { ownName } from '../../../harness/own-name.ts';
import type { ModelSource } from '../../../../workers/protocol.ts';
import type { ModelFolder } from '../../../model/formats/model-folder.ts';

/** A model that can judge: shipped with the page, stored in this browser, or opened from the reader's files. */
export type JudgeModel =
  | { kind: 'shipped'; name: ShippedName }
  | { kind: 'stored'; name: string }
  | { kind: 'local'; name: string; files: ModelFolder };

type ShippedName = 'nano-judge' | 'nano-judge-base';

/** The judge that every visit begins with, unless the reader chose another. */
export const EMBEDDED_JUDGE: JudgeModel = { kind: 'shipped', name: 'nano-judge' };

const KEY = ownName('judge-playground.judge');

export const sameModel = (a: JudgeModel, b: JudgeModel): boolean => a.kind === b.kind && a.name === b.name;

/** Address of a shipped judge's folder. */
export const shippedUrl = (name: string): string => new URL(`./models/${name}/`, document.baseURI).href;

/** A shipped judge's folder, fetched; one of files is at hand. For what reads a model beside the engine. */
export async function folderOf(model: JudgeModel): Promise<ModelFolder> {
  const source = await sourceOf(model);
  if ('files' in source) return source.files;
  const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json', 'judge.json'];
  const files = names.map(async (name): Promise<[string, Blob]> => {
    const response = await fetch(`${shippedUrl(model.name)}${name}`);
    if (!response.ok) throw new Error(`Failed to fetch ${name}: ${response.status} ${response.statusText}`);
    return [name, await response.blob()];
  });
  return new Map(await Promise.all(files));
}

/** What the engine loads. The library of stored models is fetched only when one is used. */
export async function sourceOf(model: JudgeModel): Promise<ModelSource> {
  if (model.kind === 'shipped') return { name: model.name, url: shippedUrl(model.name) };
  if (model.kind === 'local') return { name: model.name, files: model.files };
  const { ModelLibrary } = await import('../../../store/model-library.ts');
  return { name: model.name, files: await (await ModelLibrary.open()).files(model.name) };
}

/** The judge of the last visit; files of the reader's own are not remembered, the page may not open them again. */
export function rememberedModel(): JudgeModel {
  try {
    const { kind, name } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as { kind?: string; name?: unknown };
    if (kind === 'stored' && typeof name === 'string') return { kind, name };
    if (kind === 'shipped' && name === 'nano-judge-base') return { kind, name };
  } catch {
    // Storage that is refused or was tampered with: begin with the embedded judge.
  }
  return EMBEDDED_JUDGE;
}

export function rememberModel({ kind, name }: JudgeModel): void {
  try {
    if (kind !== 'local') localStorage.setItem(KEY, JSON.stringify({ kind, name }));
  } catch {
    // The choice then lasts for this visit.
  }
}

const ADAPTER_KEY = ownName('judge-playground.adapter');

/** Id of the adapter that was on the judge of the last visit. */
export function rememberedAdapter(): string | null {
  try {
    return localStorage.getItem(ADAPTER_KEY);
  } catch {
    return null;
  }
}

export function rememberAdapter(id: string | null): void {
  try {
    if (id === null) localStorage.removeItem(ADAPTER_KEY);
    else localStorage.setItem(ADAPTER_KEY, id);
  } catch {
    // As above.
  }
}
