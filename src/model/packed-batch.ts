import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** A prompt and the completions that share it: one for supervised training, chosen and rejected for a pair. */
export interface PromptGroup {
  prompt: Int32Array;
  completions: Int32Array[];
}

/**
 * Many sequences in one flat row of tokens, without padding. A group stands as [prompt | completion 1 | completion 2];
 * each completion sees the prompt and itself, so that a pair's prompt is computed once.
 */
export interface PackedBatch {
  ids: Int32Array;
  positions: Int32Array;
  /** [n, 3]: see `attention`. */
  spans: Int32Array;
  /** Row whose hidden state predicts each target. */
  rows: Int32Array;
  targets: Int32Array;
  /** Where each completion's targets begin; one more entry than there are completions. */
  offsets: number[];
}

/** Tokens that a group takes: the last token of a completion is predicted but predicts nothing. */
export function packedLength(group: PromptGroup): number {
  return group.prompt.length + group.completions.reduce((sum, ids) => sum + Math.max(0, ids.length - 1), 0);
}

export function packGroups(groups: PromptGroup[]): PackedBatch {
  const length = groups.reduce((sum, group) => sum + packedLength(group), 0);
  const predicted = groups.flatMap(({ completions }) => completions.map((ids) => ids.length));
  const count = predicted.reduce((sum, n) => sum + n, 0);
  const batch: PackedBatch = {
    ids: new Int32Array(length),
    positions: new Int32Array(length),
    spans: new Int32Array(length * 3),
    rows: new Int32Array(count),
    targets: new Int32Array(count),
    offsets: [0],
  };
  let at = 0;
  for (const group of groups) at = packGroup(batch, group, at);
  return batch;
}

function packGroup(batch: PackedBatch, { prompt, completions }: PromptGroup, start: number): number {
  const end = start + prompt.length;
  prompt.forEach((id, i) => setToken(batch, start + i, id, i, [0, 0, start]));
  let at = end;
  for (const ids of completions) {
    const own = at;
    let next = batch.offsets.at(-1) as number;
    ids.forEach((id, i) => {
      batch.rows[next] = i === 0 ? end - 1 : own + i - 1;
      batch.targets[next++] = id;
      if (i < ids.length - 1) setToken(batch, at++, id, prompt.length + i, [start, end, own]);
    });
    batch.offsets.push(next);
  }
  return at;
}

function setToken(
  batch: PackedBatch,
  at: number,
  id: number,
  position: number,
  span: [number, number, number],
): void {
  batch.ids[at] = id;
  batch.positions[at] = position;
  batch.spans.set(span, at * 3);
}

/** A packed batch on the device; the caller owns the tensors. */
export interface PackedTensors {
  ids: Tensor1D;
  positions: Tensor1D;
  /** All positions are below it. */
  length: number;
  spans: Tensor2D;
  rows: Tensor1D;
  targets: Tensor1D;
}

export function packedTensors(batch: PackedBatch): PackedTensors {
  return {
    ids: tf.tensor1d(batch.ids, 'int32'),
    positions: tf.tensor1d(batch.positions, 'int32'),
    length: batch.positions.reduce((max, position) => Math.max(max, position + 1), 0),
    spans: tf.tensor2d(batch.spans, [batch.ids.length, 3], 'int32'),
    rows: tf.tensor1d(batch.rows, 'int32'),
    targets: tf.tensor1d(batch.targets, 'int32'),
  };
}

/** Frees what `packedTensors` made. */
export function disposePacked({ ids, positions, spans, rows, targets }: PackedTensors): void {
  tf.dispose([ids, positions, spans, rows, targets]);
}

/** Cuts a list into runs of at most `limit` tokens (a longer single entry stands alone), keeping the order. */
export function inTokenBudget<T>(entries: T[], length: (entry: T) => number, limit: number): T[][] {
  const runs: T[][] = [];
  let room = 0;
  for (const entry of entries) {
    const size = length(entry);
    if (runs.length === 0 || size > room) {
      runs.push([]);
      room = limit;
    }
    (runs.at(-1) as T[]).push(entry);
    room -= size;
  }
  return runs;
}
