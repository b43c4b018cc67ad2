/** Kinds of work that cannot be interrupted, and the unit of each. */
export type Work =
  /** A forward pass: parameters × tokens. */
  | 'pass'
  /** A pass forth and back: parameters × tokens. */
  | 'training'
  /** Reading weights, packing them, writing them: bytes. */
  | 'weights'
  /** Starting a backend: 1. */
  | 'start';

/**
 * Milliseconds for a unit before anything was measured, on the slow side: 1 GFLOP/s (SwiftShader has 1–4, WASM 40 a core)
 * at 2 operations for a parameter and token, four times that with the way back and activations computed again; 20 MB/s.
 */
const UNMEASURED: Record<Work, number> = { pass: 2e-6, training: 8e-6, weights: 5e-5, start: 60_000 };

/** The first stretch of a kind compiles shaders or warms up. */
const FIRST_MS = 20_000;

/** What a measurement loses with each that is faster: a slow one is remembered for a dozen. */
const FADING = 0.9;

/** How long work will take, from how long the like of it took. */
export class Pace {
  readonly #measured = new Map<Work, number>();

  /** @returns milliseconds */
  expect(work: Work, size: number): number {
    const measured = this.#measured.get(work);
    if (measured !== undefined) return measured * size;
    return Math.max(FIRST_MS, UNMEASURED[work] * size);
  }

  learn(work: Work, size: number, ms: number): void {
    if (size <= 0) return;
    this.#measured.set(work, Math.max(ms / size, FADING * (this.#measured.get(work) ?? 0)));
  }
}
