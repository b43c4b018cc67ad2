import type { Engine, ModelSource } from '../../workers/protocol.ts';
import type { PointProtocol } from '../judge/protocol.ts';
import type { BackendName } from '../tensor/backend-name.ts';
import { readBesideWeights } from './beside-weights.ts';
import type { OpenJudge } from './judge-facts.ts';

/** How a host starts an engine: `openEngine` of workers/pool.ts, which only pages can. */
export type EngineOpener = (options: {
  backend: BackendName;
  model: ModelSource;
  workers?: number;
}) => Promise<Engine>;

/**
 * Opens a judge from a folder's files or from the URL of one, in the way that its kind is asked (`readBesideWeights`)
 * unless `protocol` names another.
 * @throws ModelTooLargeError with the memory plan, before any weights are read, and whatever is wrong with the files
 */
export async function openJudge(
  openEngine: EngineOpener,
  { backend, source, protocol }: { backend: BackendName; source: ModelSource; protocol?: PointProtocol },
): Promise<OpenJudge> {
  const { workers, ...beside } = await readBesideWeights(source, backend);
  const engine = await openEngine({ backend, model: source, ...(workers && { workers }) });
  return { ...beside, ...(protocol && { protocol }), engine };
}
