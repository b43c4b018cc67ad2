import type { AdapterRecord } from '../../../store/adapter-record.ts';
import type { BackendName } from '../../../tensor/backend-name.ts';
import type { Engine, ModelSource } from '../../../../workers/protocol.ts';
import type { ModelInfo } from '../../../model/model-info.ts';
import { chooseBackend, rememberBackend, storedBackend, type BackendChoice } from './backend.ts';
import { explainFailure, type Failure } from './failure.ts';
import {
  EMBEDDED_JUDGE,
  rememberAdapter,
  rememberedAdapter,
  rememberedModel,
  rememberModel,
  sameModel,
  sourceOf,
  type JudgeModel,
} from '../models/judge-model.ts';
import type { OpenJudge } from '../../../harness/open-judge.ts';

/** Something that is being fetched or prepared. `total` 0: not known. */
export interface LoadingProgress {
  label: string;
  done: number;
  total: number;
}

/**
 * The page's one engine: opened when somebody first needs it, shared by all places.
 * `await judgeEngine.ready()` from any page; `claim` it for work that sets a policy or trains.
 */
class JudgeEngine {
  status = $state<'closed' | 'loading' | 'ready' | 'failed'>('closed');
  progress = $state.raw<LoadingProgress | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** Why the CPU is used although the GPU was wanted. */
  notice = $state<string | null>(null);
  choice = $state<BackendChoice>(storedBackend());
  /** What is loaded, or will be. */
  model = $state.raw<JudgeModel>(rememberedModel());
  /** Why a model or an adapter that was asked for is not the one that judges. */
  refusal = $state<string | null>(null);
  judge = $state.raw<OpenJudge | null>(null);
  /** The adapter that is on the model; null: the model judges as it is. */
  adapter = $state.raw<AdapterRecord | null>(null);
  /** Who has the engine to themselves just now, in words: "Sampling rationales". */
  holder = $state<string | null>(null);
  #opening: Promise<OpenJudge> | null = null;
  /** The judge without its adapter. */
  #plain: OpenJudge | null = null;
  /** Id of the adapter to put on the model once it is open. */
  #wanted: string | null = rememberedAdapter();
  #lastGood: { model: JudgeModel; adapter: string | null } = { model: EMBEDDED_JUDGE, adapter: null };
  #queue: Promise<void> = Promise.resolve();

  get engine(): Engine | null {
    return this.judge?.engine ?? null;
  }

  /** The open model, whether or not an adapter is on it. */
  get base(): ModelInfo | null {
    return this.judge && (this.#plain?.engine.model ?? null);
  }

  /** The judge, opened on the first call, and again after a failure. */
  ready(): Promise<OpenJudge> {
    this.#opening ??= this.#openOrReturn().catch((error: unknown) => {
      this.#opening = null;
      this.status = 'failed';
      this.progress = null;
      this.failure = explainFailure(error);
      throw error;
    });
    return this.#opening;
  }

  /**
   * Judges with another model from now on. A model that does not load leaves its place to the one before, and
   * `refusal` says why; the promise rejects only when that one does not load either.
   */
  async use(model: JudgeModel): Promise<OpenJudge> {
    this.model = model;
    this.refusal = null;
    this.#wanted = null;
    return this.reopen();
  }

  /**
   * Puts a stored adapter on the open model, which is the judge from then on; null takes it off.
   * @throws AdapterNotStoredError, AdapterError when it is another model's; the judge then stays as it was
   */
  async useAdapter(id: string | null): Promise<void> {
    await this.ready();
    const release = await this.claim('Changing the adapter');
    try {
      this.#opening = Promise.resolve(await this.#putOn(id));
      this.refusal = null;
    } finally {
      release();
    }
  }

  /** Closes the engine and opens it on another backend (or the same one, after a failure). */
  async reopen(choice: BackendChoice = this.choice): Promise<OpenJudge> {
    this.choice = choice;
    rememberBackend(choice);
    this.engine?.close();
    this.judge = null;
    this.adapter = null;
    this.#opening = null;
    return this.ready();
  }

  /**
   * Waits for a turn and keeps everybody else out until the returned function is called. Policies and training
   * are state of the engine, so a run and a judgment by hand must not interleave.
   */
  async claim(holder: string): Promise<() => void> {
    const turn = this.#queue;
    let release = (): void => undefined;
    this.#queue = new Promise((resolve) => (release = resolve));
    await turn;
    this.holder = holder;
    return () => {
      this.holder = null;
      release();
    };
  }

  async #openOrReturn(): Promise<OpenJudge> {
    const model = this.model;
    try {
      return await this.#open(model);
    } catch (error) {
      const last = this.#lastGood;
      const before = sameModel(model, last.model) ? { model: EMBEDDED_JUDGE, adapter: null } : last;
      if (sameModel(model, before.model)) throw error;
      this.refusal = `${model.name} was not loaded. ${explainFailure(error).what} ${before.model.name} judges instead.`;
      this.model = before.model;
      this.#wanted = before.adapter;
      return this.#open(before.model);
    }
  }

  async #open(model: JudgeModel): Promise<OpenJudge> {
    this.status = 'loading';
    this.failure = null;
    this.progress = { label: `Loading ${model.name}`, done: 0, total: 0 };
    const { backend, reason } = await chooseBackend(this.choice);
    this.notice = reason;
    const source = await sourceOf(model);
    // The tokenizer and its code come over the wire while the engine starts.
    const beside = import('../../../harness/beside-weights.ts').then(({ readBesideWeights }) =>
      readBesideWeights(source, backend),
    );
    beside.catch(() => undefined);
    // What is wrong with a published model shows before its weights are read.
    const { workers } = model.kind === 'shipped' ? {} : await beside;
    this.#plain = { engine: await this.#start(backend, source, workers), ...(await beside) };
    const judge = await this.#withAdapter(model);
    this.progress = null;
    this.status = 'ready';
    rememberModel(model);
    return judge;
  }

  /** The adapter of the last visit, or from before the engine was changed. One that is gone is no reason to stop. */
  async #withAdapter(model: JudgeModel): Promise<OpenJudge> {
    try {
      return await this.#putOn(this.#wanted);
    } catch (error) {
      this.refusal = `The adapter was not loaded. ${explainFailure(error).what} ${model.name} judges without it.`;
      return this.#putOn(null);
    }
  }

  async #putOn(id: string | null): Promise<OpenJudge> {
    let judge = this.#plain!;
    let adapter: AdapterRecord | null = null;
    if (id !== null) {
      const { adaptedJudge } = await import('../models/adapted-judge.ts');
      ({ judge, adapter } = await adaptedJudge(this.#plain!, id));
    }
    this.judge = judge;
    this.adapter = adapter;
    this.#wanted = id;
    this.#lastGood = { model: this.model, adapter: id };
    rememberAdapter(id);
    return judge;
  }

  /** A GPU that was there but cannot run the engine is one more reason to take the CPU. */
  async #start(backend: BackendName, model: ModelSource, workers?: number): Promise<Engine> {
    const { openEngine } = await import('../../../../workers/pool.ts');
    const onProgress = (progress: LoadingProgress): void => {
      // A worker's last word may arrive after the engine is open.
      if (this.status === 'loading') this.progress = progress;
    };
    try {
      return await openEngine({ backend, model, onProgress, ...(workers && { workers }) });
    } catch (error) {
      if (backend === 'wasm' || this.choice !== 'auto') throw error;
      const why = error instanceof Error ? error.message : String(error);
      this.notice = `The GPU could not run the judge (${why}), so it runs on the CPU.`;
      return openEngine({ backend: 'wasm', model, onProgress, ...(workers && { workers }) });
    }
  }
}

export const judgeEngine = new JudgeEngine();
