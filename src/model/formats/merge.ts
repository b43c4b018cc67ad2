import { loraScale } from '../lora-scale.ts';
import { addsOne, storedName } from '../stored-weights.ts';
import { readJsonFile } from './folder-files.ts';
import { openGguf } from './gguf-source.ts';
import { tokenizerFromGguf } from './gguf-vocabulary.ts';
import { floatToHalf } from './half.ts';
import type { ModelFolder } from './model-folder.ts';
import { openWeights, type OpenedWeights } from './model-weights.ts';
import { AdapterError, loraFactors, type LoraFactors, type LoraPolicy } from './peft.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

export type MergedFormat = 'float32' | 'float16';

const DTYPES = { float32: 'F32', float16: 'F16' } as const;
const BYTES = { float32: 4, float16: 2 } as const;

/**
 * A model with an adapter folded into its weights, W + s·BA, as a folder in the Hugging Face layout: one
 * model.safetensors, the model's config.json and tokenizer. Reads and writes one tensor at a time.
 * @throws AdapterError when the adapter does not fit, or a value does not fit float16
 * @throws ModelFolderError, ModelConfigError, WeightFileError for the model
 */
export async function mergeAdapter(
  folder: ModelFolder,
  adapter: LoraPolicy,
  format: MergedFormat,
): Promise<Map<string, Blob>> {
  const opened = await openWeights(folder);
  const factors = storedFactors(opened, adapter);
  const merged = await otherFiles(folder, opened, format);
  merged.set('model.safetensors', await mergedWeights(opened, factors, loraScale(adapter), format));
  return merged;
}

/**
 * A model whose own weights were trained, as such a folder.
 * @param weights safetensors bytes, float32, as the engine returns them
 * @throws ModelFolderError, ModelConfigError, WeightFileError for the model
 */
export async function trainedFolder(folder: ModelFolder, weights: ArrayBuffer): Promise<Map<string, Blob>> {
  const files = await otherFiles(folder, await openWeights(folder), 'float32');
  // transformers refuses safetensors that do not name the format of their tensors.
  const named = writeSafetensors(readSafetensors(weights).arrays, { metadata: { format: 'pt' } });
  return files.set('model.safetensors', new Blob([named]));
}

/** The adapter's factors by the names under which the model's files store the weights. */
function storedFactors({ config, weights }: OpenedWeights, adapter: LoraPolicy): Map<string, LoraFactors> {
  const factors = loraFactors(config, readSafetensors(adapter.weights).arrays, adapter);
  return new Map(
    [...factors].map(([name, pair]) => {
      const stored = storedName(weights, name);
      if (stored === undefined)
        throw new AdapterError(`The model lacks the weight "${name}", which the adapter adapts.`);
      return [stored, pair];
    }),
  );
}

async function mergedWeights(
  { config, weights }: OpenedWeights,
  factors: ReadonlyMap<string, LoraFactors>,
  scale: number,
  format: MergedFormat,
): Promise<Blob> {
  const parts: Blob[] = [new Blob([safetensorsHeader(weights.entries, format)])];
  for (const name of weights.entries.keys()) {
    const values = Float32Array.from(await weights.read(name));
    // A GGUF file holds 1 + w of such norms; the Hugging Face layout holds w.
    if (weights.normsIncludeOne && addsOne(config, name)) values.forEach((w, i) => (values[i] = w - 1));
    const pair = factors.get(name);
    if (pair) addProduct(values, pair, scale);
    parts.push(new Blob([encode(name, values, format)]));
  }
  return new Blob(parts);
}

/** W += s·BA, row by row. */
export function addProduct(w: Float32Array, { a, b }: LoraFactors, scale: number): void {
  const [rank, width] = a.shape as [number, number];
  for (let row = 0; row < w.length / width; row++) {
    for (let k = 0; k < rank; k++) {
      const factor = scale * b.data[row * rank + k]!;
      for (let i = 0; i < width; i++) w[row * width + i]! += factor * a.data[k * width + i]!;
    }
  }
}

function encode(name: string, values: Float32Array<ArrayBuffer>, format: MergedFormat): BlobPart {
  if (format === 'float32') return values;
  const halves = Uint16Array.from(values, floatToHalf);
  if (halves.some((half) => (half & 0x7c00) === 0x7c00))
    throw new AdapterError(`"${name}" holds a value beyond float16's 65,504: export as float32.`);
  return halves;
}

/** See writeSafetensors; here the tensors follow one by one. */
function safetensorsHeader(
  entries: ReadonlyMap<string, { shape: number[] }>,
  format: MergedFormat,
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let offset = 0;
  for (const [name, { shape }] of entries) {
    const end = offset + shape.reduce((product, size) => product * size, BYTES[format]);
    header[name] = { dtype: DTYPES[format], shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8, ' '));
  const bytes = new Uint8Array(8 + text.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

/** Configuration, tokenizer and licence: what stands beside the weights. */
const KEPT = /^(?!adapter_)(?!.*\.index\.json$).+\.(json|jinja|model)$|^(merges\.txt|LICENSE.*|NOTICE.*)$/;

async function otherFiles(
  folder: ModelFolder,
  { metadata }: OpenedWeights,
  format: MergedFormat,
): Promise<Map<string, Blob>> {
  if (metadata) return ggufFiles(folder, metadata, format);
  const kept = new Map([...folder].filter(([path]) => KEPT.test(path)));
  kept.set('config.json', jsonFile(withDtype(await readJsonFile(folder, 'config.json'), format)));
  return kept;
}

/** What a GGUF file says in its header, as the files that stand beside safetensors. */
async function ggufFiles(
  folder: ModelFolder,
  metadata: NonNullable<OpenedWeights['metadata']>,
  format: MergedFormat,
): Promise<Map<string, Blob>> {
  const [, file] = [...folder].find(([path]) => path.toLowerCase().endsWith('.gguf'))!;
  const { config } = await openGguf(file);
  const { tokenizerJson, tokenizerConfig, chatTemplate } = tokenizerFromGguf(metadata);
  const files = new Map([
    ['config.json', jsonFile(withDtype(config, format))],
    ['tokenizer.json', jsonFile(tokenizerJson)],
    ['tokenizer_config.json', jsonFile(tokenizerConfig)],
  ]);
  if (chatTemplate !== null) files.set('chat_template.jinja', new Blob([chatTemplate]));
  return files;
}

/** transformers loads weights in the type that config.json names: `dtype`, before version 5 `torch_dtype`. */
function withDtype(config: object, format: MergedFormat): object {
  return 'torch_dtype' in config ? { ...config, torch_dtype: format } : { ...config, dtype: format };
}

const jsonFile = (json: object) =>
  new Blob([`${JSON.stringify(json, null, 2)}\n`], { type: 'application/json' });
