import type { LoadingProgress } from '../../../../workers/model-files.ts';
import type { Activity, Engine } from '../../../../workers/protocol.ts';
import type { OpenJudge } from '../../../harness/judge-facts.ts';
import type { BackendName } from '../../../tensor/backend-name.ts';
import { sourceOf, type JudgeModel } from '../models/judge-model.ts';
import { backendAfterLoss, chooseBackend, type BackendChoice } from './backend.ts';

export interface Opening {
  model: JudgeModel;
  choice: BackendChoice;
  /** The backend that was lost, when the engine is opened again by itself; null when the reader asked. */
  lostOn: BackendName | null;
  /** Ends it: what is fetched, and the workers. */
  signal: AbortSignal;
  onProgress: (progress: LoadingProgress) => void;
  onActivity: (activity: Activity) => void;
  /** Why the CPU is used although the GPU was wanted; null when it is not. */
  onNotice: (notice: string | null) => void;
}

/** Opens a model's engine with all that judging needs beside it; on the CPU where the GPU cannot. */
export async function openModel(opening: Opening): Promise<OpenJudge> {
  const { backend, reason } = await (opening.lostOn
    ? backendAfterLoss(opening.lostOn)
    : chooseBackend(opening.choice));
  opening.signal.throwIfAborted();
  if (reason !== null || !opening.lostOn) opening.onNotice(reason);
  return openOn(backend, opening);
}

async function openOn(backend: BackendName, opening: Opening): Promise<OpenJudge> {
  const { model, signal } = opening;
  const source = await sourceOf(model);
  // The tokenizer and its code come over the wire while the engine starts.
  const beside = import('../../../harness/beside-weights.ts').then(({ readBesideWeights }) =>
    readBesideWeights(source, backend),
  );
  beside.catch(() => undefined);
  // What is wrong with a published model shows before its weights are read.
  const { workers } = model.kind === 'shipped' ? {} : await beside;
  const { openEngine } = await import('../../../../workers/pool.ts');
  const { onProgress, onActivity } = opening;
  let engine: Engine;
  try {
    engine = await openEngine({
      backend,
      model: source,
      signal,
      onProgress,
      onActivity,
      ...(workers && { workers }),
    });
  } catch (error) {
    signal.throwIfAborted();
    if (backend === 'wasm' || (opening.choice !== 'auto' && !opening.lostOn)) throw error;
    // A GPU that was there but cannot run the engine is one more reason to take the CPU.
    const why = error instanceof Error ? error.message : String(error);
    opening.onNotice(`The GPU could not run the judge (${why}), so it runs on the CPU.`);
    return openOn('wasm', opening);
  }
  return besideOrClosed(engine, beside);
}

/** An engine whose judge cannot be read is of no use to anybody. */
async function besideOrClosed(
  engine: Engine,
  beside: Promise<Omit<OpenJudge, 'engine'>>,
): Promise<OpenJudge> {
  try {
    return { ...(await beside), engine };
  } catch (error) {
    engine.close();
    throw error;
  }
}
