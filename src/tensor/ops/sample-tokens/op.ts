import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { adapterTable } from '../../webgpu/adapter.ts';

/** See `sampleToken` and `uniform` in src/model, which this computes from logits where they lie. */
export interface SampleAttributes {
  temperature: number;
  topP: number;
  /** 0: all. */
  topK: number;
  seed: number;
  round: number;
}

/** True where a kernel draws tokens, from logits that stay where they are. */
export function samplesByKernel(): boolean {
  return hasFused('SampleTokens');
}

/**
 * Steps of decoding that may be under way before the oldest one's tokens are read back: see the adapter's table. On WASM a
 * step is done when its call returns, so one ahead would only draw tokens behind the end of a row.
 */
export function stepsAhead(): number {
  return tf.getBackend() === 'webgpu' ? adapterTable().ahead : 0;
}

/**
 * Draws one token for each place, and leaves it in `newest` for the next step.
 * @param logits [n, vocabulary]
 * @param places int32 [rows, 5]: row of the logits, slot in `newest`, and key, sample and position, which name the noise
 * @param newest int32 [slots], written in place
 * @returns [rows, 2]: id (exact in float32: vocabularies are far below 2²⁴), log-probability under the untempered distribution
 */
export function sampleTokens(
  logits: Tensor2D,
  places: Tensor2D,
  newest: Tensor1D,
  attributes: SampleAttributes,
): Tensor2D {
  return runKernel('SampleTokens', { logits, places, newest }, attributes) as Tensor2D;
}

/**
 * The tokens of the next step: where the host knows a row's newest token, that; else the one that was drawn last.
 * @param given int32 [rows, 2]: id or −1, slot in `newest`
 * @returns int32 [rows]
 */
export function newestTokens(given: Tensor2D, newest: Tensor1D): Tensor1D {
  return runKernel('NewestTokens', { given, newest }) as Tensor1D;
}
