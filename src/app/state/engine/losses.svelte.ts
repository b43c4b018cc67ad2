import type { EngineLostError } from '../../../harness/engine-loss.ts';
import type { BackendName } from '../../../tensor/backend-name.ts';

/** How often an engine is opened again by itself, when it is lost again and again before any work was done. */
const MOST_REOPENINGS = 3;
/** Time for a graphics process to come back, once more after each further loss. */
const REST_MS = 400;

/** The losses of an engine in a row, without work done in between. */
export class Losses {
  /** The last one; null when work was done since. */
  last = $state.raw<EngineLostError | null>(null);
  /** The backend that was lost, or that took its place; null while the reader's choice stands. */
  backend: BackendName | null = null;
  #count = 0;

  get any(): boolean {
    return this.#count > 0;
  }

  /** @returns whether the engine is to be opened again by itself */
  add(loss: EngineLostError): boolean {
    this.last = loss;
    this.#count++;
    return loss.loss !== 'ended' && this.#count <= MOST_REOPENINGS;
  }

  /** Time to let pass before the engine is opened again. */
  rest(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, REST_MS * this.#count));
  }

  /** Work was done. */
  recovered(): void {
    this.#count = 0;
    this.last = null;
  }

  /** The reader loads the engine anew. */
  forget(): void {
    this.recovered();
    this.backend = null;
  }
}
