import type { EngineLoss } from '../src/harness/engine-loss.ts';
import { lossOf } from './loss-of.ts';
import { BEAT_MS, type LifeSign } from './life-signs.ts';
import { Pace, type Work } from './pace.ts';

/** A pass over few tokens reads all weights as well: it counts as one over so many. */
const LEAST_TOKENS = 16;

/** Shorter work is not announced each time: while it goes on, one sign in `SIGN_MS` is enough. */
const SHORT_MS = 1000;
const SIGN_MS = 500;

/** A worker's signs of life: a beat while its event loop turns, and before work that cannot be interrupted its length. */
export class Pulse {
  /** What passes are made for just now. */
  passes: 'pass' | 'training' = 'pass';
  readonly #pace = new Pace();
  #port: MessagePort | null = null;
  #stretch: { work: Work; size: number; began: number } | null = null;
  /** The last stretch that the page was told of. */
  #announced: { expectedMs: number; at: number } | null = null;

  /** Begins to tell: of errors that nobody catches, too. */
  connect(port: MessagePort): void {
    this.#port = port;
    this.#tell({ kind: 'rest' });
    setInterval(() => this.#tell({ kind: 'beat' }), BEAT_MS);
    // The page hears of an error that nobody catches, but not of its kind, and of a rejected promise not at all.
    addEventListener('error', ({ error, message }) => this.lost(error ?? message));
    addEventListener('unhandledrejection', ({ reason }) => this.lost(reason));
    addEventListener('messageerror', () => this.lost('A message to the worker could not be read.'));
  }

  /** Announces work of this size, which lasts until the next is announced or `rest` is called. */
  begin(work: Work, size: number): void {
    this.#learn();
    const now = performance.now();
    const expectedMs = this.#pace.expect(work, size);
    this.#stretch = { work, size, began: now };
    const last = this.#announced;
    if (last && Math.max(last.expectedMs, expectedMs) < SHORT_MS && now - last.at < SIGN_MS) return;
    this.#announced = { expectedMs, at: now };
    this.#tell({ kind: 'stretch', expectedMs });
  }

  beginPass(parameters: number, tokens: number): void {
    this.begin(this.passes, parameters * Math.max(tokens, LEAST_TOKENS));
  }

  /** Waits from here on, or has nothing to do. */
  rest(): void {
    if (!this.#stretch) return;
    this.#learn();
    this.#stretch = null;
    this.#announced = null;
    this.#tell({ kind: 'rest' });
  }

  /** The worker cannot go on: the page ends it. */
  lost(error: unknown, loss: EngineLoss = lossOf(error) ?? 'worker-crashed'): void {
    this.#tell({ kind: 'lost', loss, detail: error instanceof Error ? error.message : String(error) });
  }

  #learn(): void {
    if (!this.#stretch) return;
    const { work, size, began } = this.#stretch;
    this.#pace.learn(work, size, performance.now() - began);
  }

  #tell(sign: LifeSign): void {
    this.#port?.postMessage(sign);
  }
}
