import { EngineLostError } from '../../../harness/engine-loss.ts';

/** How often a question is asked again by itself. */
const MOST = 3;

/**
 * Asks again when the engine is lost: the next `judgeEngine.hold` waits for the one that is opened in its place.
 * @param onLost called before each further try
 */
export async function throughLosses<T>(ask: () => Promise<T>, onLost: () => void): Promise<T> {
  for (let again = 0; ; again++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof EngineLostError) || again === MOST) throw error;
      onLost();
    }
  }
}
