import type { Engine, Policy } from '../../workers/protocol.ts';
import type { Protocol } from '../judge/protocol.ts';
import type { TextTokenizer } from '../judge/tokenizer.ts';
import type { JobControl } from './job.ts';
import type { RunEvent } from '../rationalize/events.ts';
import { MissingRecordError, type RunStore } from '../rationalize/run-store.ts';

/** What every stage of a run works with. */
export interface Workbench {
  engine: Engine;
  tokenizer: TextTokenizer;
  protocol: Protocol;
  store: RunStore;
  control: JobControl;
  emit: (event: RunEvent) => void;
  policy: CurrentPolicy;
}

/** Which policy the engine holds, so that weights travel only when it changes. */
export class CurrentPolicy {
  #hash: string | null = null;

  constructor(
    private readonly engine: Engine,
    private readonly store: RunStore,
  ) {}

  /** Makes the policy of this hash current; the seed judge's hash is its model's. @throws MissingRecordError */
  async use(hash: string): Promise<void> {
    if (hash === this.#hash) return;
    this.#hash = null;
    await this.engine.usePolicy(await policyOf(hash, this.engine, this.store));
    this.#hash = hash;
  }

  /** Training changed the engine's weights; null while they have no name. */
  became(hash: string | null): void {
    this.#hash = hash;
  }
}

/** Reads a stored policy. @throws MissingRecordError */
export async function policyOf(hash: string, engine: Engine, store: RunStore): Promise<Policy> {
  if (hash === engine.model.hash) return { kind: 'seed' };
  const policy = await store.policy(hash);
  if (!policy) throw new MissingRecordError(`The judge ${hash}`);
  return policy;
}
