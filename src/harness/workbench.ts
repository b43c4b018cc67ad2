import type { Policy } from '../model/policy.ts';
import type { Engine } from '../../workers/protocol.ts';
import type { Judgment } from '../judge/judgment.ts';
import type { PointProtocol } from '../judge/protocol.ts';
import type { TextTokenizer } from '../judge/tokenizer.ts';
import { uninterrupted, type JobControl, type Place, type Progress } from './job.ts';
import { MissingRecordError, type JudgmentStore } from './judgment-store.ts';

/** What any method tells while it works. Whatever an event carries is already in the store. */
export type WorkEvent =
  | { type: 'progress'; progress: Progress }
  | ({ type: 'judgments'; scope: string; itemId: string; judgments: Judgment[] } & Place);

/** What a method works with; one that keeps more than judgments, or tells more, names its own store and events. */
export interface Workbench<Store extends JudgmentStore = JudgmentStore, Event = never> {
  engine: Engine;
  tokenizer: TextTokenizer;
  /** How this judge grades one answer. */
  protocol: PointProtocol;
  store: Store;
  control: JobControl;
  emit: (event: WorkEvent | Event) => void;
  policy: CurrentPolicy;
}

/** A workbench for work that nobody pauses and that tells nothing. */
export function quietWorkbench<Store extends JudgmentStore>(
  { engine, tokenizer, protocol }: Pick<Workbench, 'engine' | 'tokenizer' | 'protocol'>,
  store: Store,
): Workbench<Store> {
  return {
    engine,
    tokenizer,
    protocol,
    store,
    control: uninterrupted(),
    emit: () => {},
    policy: new CurrentPolicy(engine, store),
  };
}

/** Which policy the engine holds, so that weights travel only when it changes. */
export class CurrentPolicy {
  #hash: string | null = null;

  constructor(
    private readonly engine: Engine,
    private readonly store: JudgmentStore,
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
export async function policyOf(hash: string, engine: Engine, store: JudgmentStore): Promise<Policy> {
  if (hash === engine.model.hash) return { kind: 'seed' };
  const policy = await store.policy(hash);
  if (!policy) throw new MissingRecordError(`The judge ${hash}`);
  return policy;
}

/** A job's control that tells its progress as an event, too. */
export function reporting(control: JobControl, emit: (event: WorkEvent) => void): JobControl {
  return {
    ready: (save) => control.ready(save),
    interruptible: (work) => control.interruptible(work),
    report: (progress) => {
      control.report(progress);
      emit({ type: 'progress', progress });
    },
  };
}
