import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { attention } from '../tensor/ops/attention/op.ts';
import { cacheWrite, cachedAttention } from '../tensor/ops/cached-attention/op.ts';
import { takeRows } from '../tensor/ops/take-rows/op.ts';
import type { ModelConfig } from './config.ts';
import { byLayerType, forward, headLayout, logits } from './forward.ts';
import { createKvCache, type KvCache } from './kv-cache.ts';
import { logitRows } from './logit-rows.ts';
import { packedSpans } from './logprobs.ts';
import type { Model } from './model.ts';
import { disposePacked, inTokenBudget, packGroups, packedTensors } from './packed-batch.ts';
import { uniform } from './philox.ts';
import { sampleToken } from './sample-token.ts';
import type { Sampling } from './sampling.ts';

/** A prompt to complete several times. `key` names it in the noise: the same key draws the same tokens. */
export interface Task {
  key: number;
  prompt: Int32Array;
  samples: number[];
}

export interface GeneratedRow {
  task: number;
  sample: number;
  ids: number[];
  logprobs: number[];
  finished: boolean;
}

export interface GenerateOptions {
  sampling: Sampling;
  /** Rows decoded at once, fewer where a large vocabulary makes their logits too big. */
  rows: number;
  /** Row and token counts are rounded up to multiples of this: WebGPU's buffer pool wants few shapes, WASM does not care. */
  multiple: number;
  /** Prompt tokens computed in one forward pass. */
  forwardTokens: number;
  onRow: (row: GeneratedRow) => void;
  onToken?: (row: GeneratedRow, id: number) => void;
  /** Awaited after every step: lets messages in (cancel), and may throw to stop. */
  pause: () => Promise<void>;
}

/** A row that is being decoded: its own cache slot, and the prefix slot of its prompt. */
interface ActiveRow extends GeneratedRow {
  slot: number;
  prefix: Prefix;
}

interface Prefix {
  slot: number;
  length: number;
  key: number;
  /** Rows still to finish before the slot is free again. */
  open: number;
}

/**
 * Samples many completions of many prompts with continuous batching: every prompt is prefilled once and its keys and
 * values are shared by its samples; rows of all prompts decode together, and a finished row makes room for a waiting
 * one at once. A row's tokens depend on its noise alone, not on its neighbours (see gemm.c and philox.ts).
 */
export async function generate(model: Model, tasks: Task[], options: GenerateOptions): Promise<void> {
  const longest = tasks.reduce((max, { prompt }) => Math.max(max, prompt.length), 1);
  const total = tasks.reduce((sum, { samples }) => sum + samples.length, 0);
  const rows = Math.min(options.rows, total, rowLimit(model.config, options.multiple));
  const { contextLength } = model.config;
  model.rotary.cover(Math.max(longest, Math.min(longest + options.sampling.maxTokens, contextLength)));
  // One slot more than there are rows takes the writes of padding rows.
  const prefixes = createKvCache(model.config, Math.min(rows, tasks.length) + 1, longest);
  const own = createKvCache(model.config, rows + 1, options.sampling.maxTokens);
  const decoder = new Decoder(model, prefixes, own, options);
  try {
    const waiting = tasks.flatMap(({ samples }, task) => samples.map((sample) => ({ task, sample })));
    while (waiting.length > 0 || decoder.active.length > 0) {
      await decoder.admit(tasks, waiting);
      if (decoder.active.length > 0) await decoder.step();
      await options.pause();
    }
  } finally {
    prefixes.dispose();
    own.dispose();
  }
}

/** Rows are padded to a multiple, so the limit is one. */
function rowLimit(config: ModelConfig, multiple: number): number {
  const rows = logitRows(config);
  return rows < multiple ? 1 : rows - (rows % multiple);
}

class Decoder {
  active: ActiveRow[] = [];
  readonly #model: Model;
  readonly #prefixes: KvCache;
  readonly #own: KvCache;
  readonly #options: GenerateOptions;
  readonly #freePrefixes: number[];
  readonly #freeSlots: number[];
  readonly #filled = new Map<number, Prefix>();
  /** Logits after a task's prompt, kept until its last sample has drawn from them. */
  readonly #firstLogits = new Map<number, Float32Array>();
  readonly #finished: ActiveRow[] = [];

  constructor(model: Model, prefixes: KvCache, own: KvCache, options: GenerateOptions) {
    this.#model = model;
    this.#prefixes = prefixes;
    this.#own = own;
    this.#options = options;
    this.#freePrefixes = Array.from({ length: prefixes.slots - 1 }, (_, i) => i);
    this.#freeSlots = Array.from({ length: own.slots - 1 }, (_, i) => i);
  }

  /** Fills free slots from the waiting list; prompts that are new here are prefilled together. */
  async admit(tasks: Task[], waiting: { task: number; sample: number }[]): Promise<void> {
    const admitted: ActiveRow[] = [];
    const fresh: number[] = [];
    while (waiting.length > 0 && this.#freeSlots.length > 0) {
      const { task, sample } = waiting[0] as { task: number; sample: number };
      const prefix = this.#filled.get(task) ?? this.#claimPrefix(task, tasks[task] as Task, fresh);
      if (!prefix) break;
      waiting.shift();
      const slot = this.#freeSlots.pop() as number;
      admitted.push({ task, sample, slot, prefix, ids: [], logprobs: [], finished: false });
    }
    if (admitted.length === 0) return;
    const length = (task: number) => tasks[task]?.prompt.length ?? 0;
    for (const run of inTokenBudget(fresh, length, this.#options.forwardTokens))
      await this.#prefill(tasks, run);
    for (const row of admitted) this.#draw(row, this.#firstLogits.get(row.task) as Float32Array);
    this.active.push(...admitted);
    this.#retire();
  }

  #claimPrefix(index: number, task: Task, fresh: number[]): Prefix | undefined {
    const slot = this.#freePrefixes.pop();
    if (slot === undefined) return undefined;
    const prefix = { slot, length: task.prompt.length, key: task.key, open: task.samples.length };
    this.#filled.set(index, prefix);
    fresh.push(index);
    return prefix;
  }

  /** Computes the prompts of new tasks in one packed batch, and keeps the logits that follow each. */
  async #prefill(tasks: Task[], fresh: number[]): Promise<void> {
    const groups = fresh.map((task) => ({
      prompt: (tasks[task] as Task).prompt,
      completions: [new Int32Array(1)],
    }));
    const spare = this.#prefixes.slots - 1;
    const packed = packGroups(this.#padded(groups));
    const places = fresh.flatMap((task) => {
      const { slot, length } = this.#filled.get(task) as Prefix;
      return Array.from({ length }, (_, position) => [slot, position]);
    });
    while (places.length < packed.ids.length) places.push([spare, 0]);
    const batch = packedTensors(packed);
    const placesTensor = tf.tensor2d(places.flat(), [places.length, 2], 'int32');
    const out = tf.tidy(() => {
      const { config } = this.#model;
      const layout = headLayout(config);
      const spansOf = packedSpans(config, batch.spans);
      const hidden = forward(this.#model, batch, (qkv, layer) => {
        cacheWrite(qkv, layerOf(this.#prefixes, layer), placesTensor, layout);
        return attention(qkv, spansOf(layer), layout);
      });
      return logits(this.#model, takeRows(hidden, batch.rows));
    });
    const values = (await out.data()) as Float32Array;
    tf.dispose([out, placesTensor]);
    disposePacked(batch);
    const width = this.#model.config.vocabularySize;
    fresh.forEach((task, i) => {
      this.#firstLogits.set(task, values.slice(i * width, (i + 1) * width));
    });
  }

  /** Adds one-token groups until the number of tokens is a multiple of `multiple`. */
  #padded(groups: { prompt: Int32Array; completions: Int32Array[] }[]) {
    const tokens = groups.reduce((sum, { prompt }) => sum + prompt.length, 0);
    const missing = Math.ceil(tokens / this.#options.multiple) * this.#options.multiple - tokens;
    const filler = { prompt: new Int32Array(1), completions: [] };
    return [...groups, ...Array<typeof filler>(missing).fill(filler)];
  }

  /** Decodes one token of every active row. */
  async step(): Promise<void> {
    const rows = this.active;
    const count = Math.ceil(rows.length / this.#options.multiple) * this.#options.multiple;
    const ids = new Int32Array(count);
    const positions = new Int32Array(count);
    const places = new Int32Array(count * 2);
    const reads = new Int32Array(count * 6);
    for (let i = 0; i < count; i++) {
      const row = rows[i];
      const done = row ? row.ids.length : 1;
      const slot = row?.slot ?? this.#own.slots - 1;
      ids[i] = row?.ids.at(-1) ?? 0;
      const prefix = row?.prefix ?? { slot: this.#prefixes.slots - 1, length: 0 };
      positions[i] = prefix.length + done - 1;
      places.set([slot, done - 1], i * 2);
      reads.set([prefix.slot, 0, prefix.length, slot, 0, done], i * 6);
    }
    const tensors = {
      ids: tf.tensor1d(ids, 'int32'),
      positions: tf.tensor1d(positions, 'int32'),
      places: tf.tensor2d(places, [count, 2], 'int32'),
    };
    const out = tf.tidy(() => {
      const { config } = this.#model;
      const layout = headLayout(config);
      const readsOf = byLayerType(config, (type) => {
        const visible = type === 'full' ? reads : slidingReads(reads, config.window);
        return tf.tensor2d(visible, [count, 6], 'int32');
      });
      const attend = (qkv: Tensor2D, layer: number) => {
        const own = layerOf(this.#own, layer);
        cacheWrite(qkv, own, tensors.places, layout);
        return cachedAttention(qkv, layerOf(this.#prefixes, layer), own, readsOf(layer), layout);
      };
      const length = positions.reduce((max, position) => Math.max(max, position + 1), 0);
      return logits(this.#model, forward(this.#model, { ...tensors, length }, attend));
    });
    const values = (await out.data()) as Float32Array; // the one read-back of a step: the host chooses the tokens
    tf.dispose([out, ...Object.values(tensors)]);
    const width = this.#model.config.vocabularySize;
    rows.forEach((row, i) => {
      this.#draw(row, values.subarray(i * width, (i + 1) * width));
    });
    this.#retire();
  }

  #draw(row: ActiveRow, rowLogits: Float32Array): void {
    const { temperature, topP, maxTokens, seed, round } = this.#options.sampling;
    const place = { seed, round, key: row.prefix.key, sample: row.sample, position: row.ids.length };
    const { id, logprob } = sampleToken(rowLogits, temperature, topP, uniform(place));
    row.ids.push(id);
    row.logprobs.push(logprob);
    const { eos, contextLength } = this.#model.config;
    row.finished = eos.includes(id);
    const room = Math.min(maxTokens, contextLength - row.prefix.length);
    if (row.finished || row.ids.length >= room) this.#finished.push(row);
    this.#options.onToken?.(row, id);
  }

  #retire(): void {
    if (this.#finished.length === 0) return;
    for (const row of this.#finished) {
      this.#freeSlots.push(row.slot);
      row.prefix.open--;
      if (row.prefix.open === 0) {
        this.#freePrefixes.push(row.prefix.slot);
        this.#filled.delete(row.task);
        this.#firstLogits.delete(row.task);
      }
      this.#options.onRow(row);
    }
    const done = new Set(this.#finished);
    this.active = this.active.filter((row) => !done.has(row));
    this.#finished.length = 0;
  }
}

/** What a sliding layer sees of `reads`: positions above the newest − window, of the prefix and of the row's own. */
function slidingReads(reads: Int32Array, window: number): Int32Array {
  const seen = reads.slice();
  for (let i = 0; i < reads.length; i += 6) {
    const [prefix, own] = [reads[i + 2] as number, reads[i + 5] as number];
    const begin = Math.max(0, prefix + own - window);
    seen[i + 1] = Math.min(begin, prefix);
    seen[i + 4] = Math.max(0, begin - prefix);
  }
  return seen;
}

function layerOf(cache: KvCache, layer: number) {
  const found = cache.layers[layer];
  if (!found) throw new Error(`The KV cache has no layer ${layer}.`);
  return found;
}
