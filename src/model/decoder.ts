import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { attention } from '../tensor/ops/attention/op.ts';
import { cacheWrite, cachedAttention } from '../tensor/ops/cached-attention/op.ts';
import { takeRows } from '../tensor/ops/take-rows/op.ts';
import { byLayerType, forward, headLayout, logits } from './forward.ts';
import type { GenerateTask } from './generate-task.ts';
import type { KvCache } from './kv-cache.ts';
import { packedSpans } from './logprobs.ts';
import type { Model } from './model.ts';
import { disposePacked, inTokenBudget, packGroups, packedTensors } from './packed-batch.ts';
import type { TokenChoice } from './sample-token.ts';
import type { NewestToken, Sampler } from './sampler.ts';
import type { GeneratedRow, GenerateOptions } from './generate-options.ts';

/** A row that is being decoded: its own cache slot, and the prefix slot of its prompt. */
interface ActiveRow extends GeneratedRow {
  slot: number;
  prefix: Prefix;
  /** Tokens that the device has been asked for; those of `ids` are known here. */
  begun: number;
  /** Most tokens that it may have. */
  room: number;
  /** Its tokens are complete; what steps under way still draw for it is thrown away. */
  complete: boolean;
}

/** A step under way. */
interface Step {
  rows: ActiveRow[];
  choices: Promise<TokenChoice[]>;
}

interface Prefix {
  slot: number;
  length: number;
  key: number;
  /** Rows still to finish before the slot is free again. */
  open: number;
}

/** Rows that are decoded together, what they hold of the two caches, and the steps of theirs that are under way. */
export class Decoder {
  active: ActiveRow[] = [];
  readonly #model: Model;
  readonly #prefixes: KvCache;
  readonly #own: KvCache;
  readonly #sampler: Sampler;
  readonly #options: GenerateOptions;
  readonly #freePrefixes: number[];
  readonly #freeSlots: number[];
  readonly #filled = new Map<number, Prefix>();
  /** The first token of each sample of a task that is filled. */
  readonly #first = new Map<number, Map<number, TokenChoice>>();
  readonly #steps: Step[] = [];

  constructor(model: Model, prefixes: KvCache, own: KvCache, sampler: Sampler, options: GenerateOptions) {
    this.#model = model;
    this.#prefixes = prefixes;
    this.#own = own;
    this.#sampler = sampler;
    this.#options = options;
    this.#freePrefixes = Array.from({ length: prefixes.slots - 1 }, (_, i) => i);
    this.#freeSlots = Array.from({ length: own.slots - 1 }, (_, i) => i);
  }

  /** Fills free slots from the waiting list; prompts that are new here are prefilled together. */
  async admit(tasks: GenerateTask[], waiting: { task: number; sample: number }[]): Promise<void> {
    const admitted: ActiveRow[] = [];
    const fresh: number[] = [];
    while (waiting.length > 0 && this.#freeSlots.length > 0) {
      const { task, sample } = waiting[0] as { task: number; sample: number };
      const prefix = this.#filled.get(task) ?? this.#claimPrefix(task, tasks[task] as GenerateTask, fresh);
      if (!prefix) break;
      waiting.shift();
      admitted.push(this.#open(task, sample, prefix));
    }
    if (admitted.length === 0) return;
    const length = (task: number) => tasks[task]?.prompt.length ?? 0;
    for (const run of inTokenBudget(fresh, length, this.#options.forwardTokens))
      await this.#prefill(tasks, run);
    this.active.push(...admitted);
    for (const row of admitted) this.#take(row, this.#first.get(row.task)?.get(row.sample) as TokenChoice);
    this.#retire();
  }

  #open(task: number, sample: number, prefix: Prefix): ActiveRow {
    const slot = this.#freeSlots.pop() as number;
    const { contextLength } = this.#model.config;
    const room = Math.min(this.#options.sampling.maxTokens, contextLength - prefix.length);
    const state = { begun: 1, room, complete: false };
    return { task, sample, slot, prefix, ids: [], logprobs: [], finished: false, ...state };
  }

  #claimPrefix(index: number, task: GenerateTask, fresh: number[]): Prefix | undefined {
    const slot = this.#freePrefixes.pop();
    if (slot === undefined) return undefined;
    const prefix = { slot, length: task.prompt.length, key: task.key, open: task.samples.length };
    this.#filled.set(index, prefix);
    fresh.push(index);
    return prefix;
  }

  /** Computes the prompts of new tasks in one packed batch, and draws the first token of each of their samples. */
  async #prefill(tasks: GenerateTask[], fresh: number[]): Promise<void> {
    const groups = fresh.map((task) => ({
      prompt: (tasks[task] as GenerateTask).prompt,
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
    placesTensor.dispose();
    disposePacked(batch);
    const slot = this.#own.slots - 1;
    const samples = fresh.flatMap((task, row) =>
      (tasks[task] as GenerateTask).samples.map((sample) => ({ task, sample, row })),
    );
    const draws = samples.map(({ task, sample, row }) => {
      return { row, slot, key: (tasks[task] as GenerateTask).key, sample, position: 0 };
    });
    const choices = await this.#sampler.draw(out, draws);
    for (const task of fresh) this.#first.set(task, new Map());
    samples.forEach(({ task, sample }, i) => this.#first.get(task)?.set(sample, choices[i] as TokenChoice));
  }

  /** Adds one-token groups until the number of tokens is a multiple of `multiple`. */
  #padded(groups: { prompt: Int32Array; completions: Int32Array[] }[]) {
    const tokens = groups.reduce((sum, { prompt }) => sum + prompt.length, 0);
    const missing = Math.ceil(tokens / this.#options.multiple) * this.#options.multiple - tokens;
    const filler = { prompt: new Int32Array(1), completions: [] };
    return [...groups, ...Array<typeof filler>(missing).fill(filler)];
  }

  /** Begins one more token of every row that has room for it. @returns whether there was one */
  begin(): boolean {
    const rows = this.active.filter(({ begun, room }) => begun < room);
    if (rows.length === 0) return false;
    const out = this.#decode(rows);
    const draws = rows.map(({ slot, prefix: { key }, sample, begun }, row) => {
      return { row, slot, key, sample, position: begun };
    });
    this.#steps.push({ rows, choices: this.#sampler.draw(out, draws) });
    for (const row of rows) row.begun++;
    return true;
  }

  /** Takes what the oldest steps drew, until no more are under way than the sampler allows; one where nothing was begun. */
  async collect(begun: boolean): Promise<void> {
    const most = begun ? this.#sampler.ahead : this.#steps.length - 1;
    while (this.#steps.length > Math.max(0, most)) await this.#collectOldest();
  }

  async #collectOldest(): Promise<void> {
    const { rows, choices } = this.#steps.shift() as Step;
    (await choices).forEach((choice, i) => this.#take(rows[i] as ActiveRow, choice));
    this.#retire();
  }

  /** Waits for what is under way, e.g. when the job was cancelled. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#steps.map(({ choices }) => choices));
  }

  /** Logits [count, vocabulary] that follow the newest token of each row, padded to a multiple of rows. */
  #decode(rows: ActiveRow[]): Tensor2D {
    const count = Math.ceil(rows.length / this.#options.multiple) * this.#options.multiple;
    const spare = { slot: this.#own.slots - 1, id: 0 };
    const newest = Array.from({ length: count }, () => spare as NewestToken);
    const positions = new Int32Array(count);
    const places = new Int32Array(count * 2);
    const reads = new Int32Array(count * 6);
    for (let i = 0; i < count; i++) {
      const row = rows[i];
      const done = row?.begun ?? 1;
      const slot = row?.slot ?? spare.slot;
      if (row) newest[i] = { slot, id: row.ids[done - 1] };
      const prefix = row?.prefix ?? { slot: this.#prefixes.slots - 1, length: 0 };
      positions[i] = prefix.length + done - 1;
      places.set([slot, done - 1], i * 2);
      reads.set([prefix.slot, 0, prefix.length, slot, 0, done], i * 6);
    }
    const tensors = {
      ids: this.#sampler.tokens(newest),
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
    tf.dispose(Object.values(tensors));
    return out;
  }

  #take(row: ActiveRow, { id, logprob }: TokenChoice): void {
    if (row.complete) return;
    row.ids.push(id);
    row.logprobs.push(logprob);
    row.finished = this.#model.config.eos.includes(id);
    row.complete = row.finished || row.ids.length >= row.room;
    this.#options.onToken?.(row, id);
  }

  /**
   * Frees what complete rows hold. Steps under way still read and write their slots, but whoever gets a slot next comes
   * behind them in the device's queue.
   */
  #retire(): void {
    for (const row of this.active) {
      if (!row.complete) continue;
      this.#freeSlots.push(row.slot);
      row.prefix.open--;
      if (row.prefix.open === 0) {
        this.#freePrefixes.push(row.prefix.slot);
        this.#filled.delete(row.task);
        this.#first.delete(row.task);
      }
      this.#options.onRow(row);
    }
    this.active = this.active.filter(({ complete }) => !complete);
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
