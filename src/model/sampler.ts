import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { newestTokens, samplesByKernel, sampleTokens, stepsAhead } from '../tensor/ops/sample-tokens/op.ts';
import { uniform } from './philox.ts';
import { sampleToken, type TokenChoice } from './sample-token.ts';
import type { Sampling } from './sampling.ts';

/** A token to draw: from which row of the logits, for which slot, and what names its noise. */
export interface Draw {
  row: number;
  slot: number;
  key: number;
  sample: number;
  position: number;
}

/** The newest token of a row: known here, or only where it was drawn, by its slot. */
export interface NewestToken {
  id: number | undefined;
  slot: number;
}

/** Draws tokens, by a kernel or in JavaScript; both draw the same but for near-ties (float32 there, float64 here). */
export interface Sampler {
  /** Steps that may be under way before the oldest one's tokens are known. */
  readonly ahead: number;
  /** Begins at once. @param logits [n, vocabulary], freed here */
  draw(logits: Tensor2D, draws: Draw[]): Promise<TokenChoice[]>;
  /** The tokens that the next step reads, int32 [rows]; the caller's to free. */
  tokens(newest: NewestToken[]): Tensor1D;
  dispose(): void;
}

/** @param slots how many slots rows may have */
export function createSampler(sampling: Sampling, slots: number): Sampler {
  return samplesByKernel() ? kernelSampler(sampling, slots) : plainSampler(sampling);
}

function plainSampler(sampling: Sampling): Sampler {
  return {
    ahead: 0,
    async draw(logits, draws) {
      const width = logits.shape[1];
      const values = (await logits.data()) as Float32Array;
      logits.dispose();
      return draws.map(({ row, key, sample, position }) => {
        const noise = uniform({ ...sampling, key, sample, position });
        return sampleToken(values.subarray(row * width, (row + 1) * width), sampling, noise);
      });
    },
    tokens: (newest) =>
      tf.tensor1d(
        newest.map(({ id }) => id ?? 0),
        'int32',
      ),
    dispose: () => undefined,
  };
}

function kernelSampler({ temperature, topP, topK = 0, seed, round }: Sampling, slots: number): Sampler {
  const newest = tf.zeros<tf.Rank.R1>([slots], 'int32');
  return {
    ahead: stepsAhead(),
    async draw(logits, draws) {
      const places = table(
        draws.map(({ row, slot, key, sample, position }) => [row, slot, key, sample, position]),
      );
      const chosen = sampleTokens(logits, places, newest, { temperature, topP, topK, seed, round });
      const reading = chosen.data();
      tf.dispose([logits, places]);
      const values = await reading;
      chosen.dispose();
      return draws.map((_, i) => ({ id: values[2 * i] as number, logprob: values[2 * i + 1] as number }));
    },
    tokens(rows) {
      const given = table(rows.map(({ id, slot }) => [id ?? -1, slot]));
      const ids = newestTokens(given, newest);
      given.dispose();
      return ids;
    },
    dispose: () => newest.dispose(),
  };
}

const table = (rows: number[][]): Tensor2D =>
  tf.tensor2d(Int32Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 0], 'int32');
