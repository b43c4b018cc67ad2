import type { Engine } from '../../../../workers/protocol.ts';
import type { BackendName } from '../../../tensor/backend-name.ts';
import type { Experiment } from '../../../share/experiment.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';

type Model = NonNullable<Experiment['model']>;

/** What decided how the judge answered, beside the model itself. */
interface Asked {
  /** Of the policy, or of the seed that a run began with. */
  hash: string;
  backend: BackendName;
  protocol: string;
}

/** The open judge as a link names it: one of the hub with its commit, so that a receiver can get the same. */
export async function sharedModel(engine: Engine, { hash, backend, protocol }: Asked): Promise<Model> {
  const sameEngine = engine.device.backend === backend;
  const hub = await hubSource();
  return {
    name: engine.model.name.slice(0, 200),
    hash,
    backend,
    ...(sameEngine && { workers: engine.device.workers }),
    protocol,
    ...(hub && { hub }),
  };
}

async function hubSource(): Promise<Model['hub'] | null> {
  const { model } = judgeEngine;
  if (model.kind !== 'stored') return null;
  const { ModelLibrary } = await import('../../../store/model-library.ts');
  const found = (await (await ModelLibrary.open()).list()).find(
    ({ manifest }) => manifest.name === model.name,
  );
  if (!found) return null;
  const { repository, revision, files } = found.manifest;
  const file = files.find(({ path }) => path.endsWith('.gguf'))?.path;
  return { repository, revision, ...(file !== undefined && { file }) };
}
