import { sha256 } from '../model/formats/sha256.ts';
import type { LoraPolicy } from '../model/formats/peft.ts';
import type { Engine } from '../../workers/protocol.ts';

/**
 * Names a model with an adapter on it, as `ModelInfo.hash` names the model alone. Rank and alpha decide what the
 * adapter's weights do, so they are part of it.
 */
export async function adaptedHash(
  model: string,
  { hash, rank, alpha, rankStabilised = false }: LoraPolicy,
): Promise<string> {
  const facts = JSON.stringify({ model, adapter: hash, rank, alpha, rankStabilised });
  return (await sha256(new Blob([facts]))).slice(0, 16);
}

/**
 * The same engine with an adapter for its seed: whoever asks for the seed judge gets the model with the adapter on it,
 * and its records bear the name of both. Training goes on from the adapter's own factors.
 * @param named hash and name of the two together
 */
export function adaptedEngine(
  engine: Engine,
  adapter: LoraPolicy,
  named: { hash: string; name: string },
): Engine {
  return {
    device: engine.device,
    model: { ...engine.model, ...named },
    usePolicy: (policy) => engine.usePolicy(policy.kind === 'seed' ? adapter : policy),
    generate: (...args) => engine.generate(...args),
    nextTokenLogprobs: (...args) => engine.nextTokenLogprobs(...args),
    continuationLogprobs: (...args) => engine.continuationLogprobs(...args),
    promptLogits: (...args) => engine.promptLogits(...args),
    sequenceLogprobs: (...args) => engine.sequenceLogprobs(...args),
    startTraining: (...args) => engine.startTraining(...args),
    dpoStep: (...args) => engine.dpoStep(...args),
    supervisedStep: (...args) => engine.supervisedStep(...args),
    checkpointTraining: () => engine.checkpointTraining(),
    finishTraining: () => engine.finishTraining(),
    memory: () => engine.memory(),
    lost: engine.lost,
    close: () => engine.close(),
  };
}
