import type { LoraSettings } from '../lora-settings.ts';
import type { Policy } from '../policy.ts';
import { adaptedWeights } from '../adapted-weights.ts';
import type { ModelConfig } from '../config.ts';
import { readBytes } from './blob-bytes.ts';
import { readTextFile } from './folder-files.ts';
import type { ModelFolder } from './model-folder.ts';
import { AdapterError, readAdapterConfig, writeAdapterConfig, type AdapterConfig } from './peft-config.ts';
import { readSafetensors, writeSafetensors, type NamedArray, type NamedArrays } from './safetensors.ts';
import { sha256 } from './sha256.ts';
import { parseStrictJson } from './strict-json.ts';

export { AdapterError } from './peft-config.ts';

/** A LoRA adapter as the engine takes it. */
export type LoraPolicy = Extract<Policy, { kind: 'lora' }>;

/** The two factors of one weight [out, in]: A [rank, in] and B [out, rank]. */
export interface LoraFactors {
  a: NamedArray;
  b: NamedArray;
}

const CONFIG_FILE = 'adapter_config.json';
const WEIGHTS_FILE = 'adapter_model.safetensors';
const MAX_WEIGHT_BYTES = 2 ** 30;

/** PEFT's name of a factor of a weight. */
export function peftName(weight: string, factor: 'A' | 'B'): string {
  return `base_model.model.${weight.replace(/\.weight$/, '')}.lora_${factor}.weight`;
}

/** PEFT's name, or one that still carries the name of the adapter, as a state dict before saving does. */
const TENSOR = /^base_model\.model\.(.+)\.lora_([AB])(?:\.default)?\.weight$/;

/**
 * Reads an adapter as PEFT saves it: adapter_config.json and adapter_model.safetensors. All of it fits the model, or
 * nothing is read: a tensor without a place, a factor without its other half, a target without factors are errors.
 * @throws AdapterError
 */
export async function readAdapter(folder: ModelFolder, model: ModelConfig): Promise<LoraPolicy> {
  const { adapts, ...settings } = readAdapterConfig(await readConfigFile(folder));
  const arrays = plainNames(await readWeightsFile(folder));
  checkTargets(model, adapts, new Set(loraFactors(model, arrays, settings).keys()));
  const weights = writeSafetensors(arrays);
  return { kind: 'lora', ...settings, hash: await adapterHash(weights), weights };
}

/** Names an adapter in records: the first 16 hex digits of the SHA-256 of its weights. */
async function adapterHash(weights: ArrayBuffer): Promise<string> {
  return (await sha256(new Blob([weights]))).slice(0, 16);
}

async function readConfigFile(folder: ModelFolder): Promise<unknown> {
  const text = await readTextFile(folder, CONFIG_FILE);
  if (text === null) throw new AdapterError(`The folder lacks ${CONFIG_FILE}.`);
  try {
    return parseStrictJson(text);
  } catch (cause) {
    throw new AdapterError(`${CONFIG_FILE} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}

async function readWeightsFile(folder: ModelFolder): Promise<NamedArrays> {
  const file = folder.get(WEIGHTS_FILE);
  if (!file && folder.has('adapter_model.bin'))
    throw new AdapterError(
      `adapter_model.bin is a pickle, which could run code: save the adapter with safe_serialization=True.`,
    );
  if (!file) throw new AdapterError(`The folder lacks ${WEIGHTS_FILE}.`);
  if (file.size > MAX_WEIGHT_BYTES)
    throw new AdapterError(`${WEIGHTS_FILE} is too large for an adapter (${file.size} bytes).`);
  try {
    return readSafetensors(await readBytes(file, 0, file.size)).arrays;
  } catch (cause) {
    throw new AdapterError(`${WEIGHTS_FILE} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));

function plainNames(arrays: NamedArrays): NamedArrays {
  const plain: NamedArrays = new Map();
  for (const [name, array] of arrays) {
    const [, module, factor] = TENSOR.exec(name) ?? [];
    if (module === undefined)
      throw new AdapterError(`The adapter holds the tensor "${name}", which is no LoRA factor.`);
    const renamed = peftName(module, factor as 'A' | 'B');
    if (plain.has(renamed)) throw new AdapterError(`The adapter holds the tensor "${renamed}" twice.`);
    plain.set(renamed, array);
  }
  return plain;
}

/**
 * Sorts an adapter's tensors by the weight they adapt.
 * @param arrays under PEFT's names
 * @throws AdapterError when a tensor has no place in the model, has another shape, or lacks its other half
 */
export function loraFactors(
  model: ModelConfig,
  arrays: NamedArrays,
  { rank }: LoraSettings,
): Map<string, LoraFactors> {
  const factors = new Map<string, LoraFactors>();
  let used = 0;
  for (const [name, [out, width]] of adaptedWeights(model)) {
    const [a, b] = [arrays.get(peftName(name, 'A')), arrays.get(peftName(name, 'B'))];
    if (!a && !b) continue;
    checkShape(peftName(name, 'A'), [rank, width], a);
    checkShape(peftName(name, 'B'), [out, rank], b);
    factors.set(name, { a: a!, b: b! });
    used += 2;
  }
  if (used < arrays.size) throw new AdapterError(misplaced(model, arrays));
  if (used === 0) throw new AdapterError('The adapter holds no tensors.');
  return factors;
}

function checkShape(name: string, expected: number[], found: NamedArray | undefined): void {
  if (!found)
    throw new AdapterError(`The adapter lacks the tensor "${name}", the other half of a factor that it has.`);
  if (found.shape.join() === expected.join()) return;
  throw new AdapterError(
    `The adapter's tensor "${name}" has shape [${found.shape.join(', ')}]; this model and rank need [${expected.join(', ')}].`,
  );
}

function misplaced(model: ModelConfig, arrays: NamedArrays): string {
  const places = new Set(
    [...adaptedWeights(model).keys()].flatMap((name) => [peftName(name, 'A'), peftName(name, 'B')]),
  );
  const name = [...arrays.keys()].find((tensor) => !places.has(tensor));
  return `The adapter holds the tensor "${name}", for which this ${model.architecture} model has no place.`;
}

/** PEFT leaves out what target_modules does not name, and starts afresh what the file lacks; here both are errors. */
function checkTargets(
  model: ModelConfig,
  adapts: AdapterConfig['adapts'],
  present: ReadonlySet<string>,
): void {
  for (const name of adaptedWeights(model).keys()) {
    const module = moduleOf(name);
    if (adapts(module) && !present.has(name))
      throw new AdapterError(`The adapter names "${module}" as a target but holds no factors for it.`);
    if (!adapts(module) && present.has(name))
      throw new AdapterError(`The adapter holds factors for "${module}" but does not name it as a target.`);
  }
}

const moduleOf = (weight: string) => weight.replace(/\.weight$/, '');

/**
 * An adapter's files as PEFT loads them.
 * @param baseModel name of the model that it belongs to, for the reader
 */
export function writeAdapter(policy: LoraPolicy, model: ModelConfig, baseModel: string): Map<string, Blob> {
  const { arrays } = readSafetensors(policy.weights);
  const targets = targetModules(model, new Set(loraFactors(model, arrays, policy).keys()));
  const config = writeAdapterConfig(policy, targets, baseModel);
  return new Map([
    [CONFIG_FILE, new Blob([`${JSON.stringify(config, null, 2)}\n`], { type: 'application/json' })],
    [WEIGHTS_FILE, new Blob([writeSafetensors(arrays, { metadata: { format: 'pt' } })])],
  ]);
}

/** Short names ("q_proj") where these are all modules of that name, else full paths. */
function targetModules(model: ModelConfig, present: ReadonlySet<string>): string[] {
  const shortName = (weight: string) => moduleOf(weight).split('.').at(-1)!;
  const missing = [...adaptedWeights(model).keys()].filter((name) => !present.has(name));
  const partial = new Set(missing.map(shortName));
  const name = (weight: string) => (partial.has(shortName(weight)) ? moduleOf(weight) : shortName(weight));
  return [...new Set([...present].map(name))].toSorted();
}
