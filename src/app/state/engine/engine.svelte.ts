import type { AdapterRecord } from '../../../store/adapter-record.ts';
import type { Activity, Engine } from '../../../../workers/protocol.ts';
import type { ModelInfo } from '../../../model/model-info.ts';
import { EngineLostError } from '../../../harness/engine-loss.ts';
import type { OpenJudge } from '../../../harness/judge-facts.ts';
import { rememberBackend, storedBackend, type BackendChoice } from './backend.ts';
import { explainFailure, type Failure } from './failure.ts';
import { LoadingPace, type LoadingProgress } from './loading-progress.ts';
import { Losses } from './losses.svelte.ts';
import { openModel } from './opening.ts';
import { SharedWork } from './shared-work.ts';
import { Turns, type TurnOptions } from './turns.svelte.ts';
import {
  EMBEDDED_JUDGE,
  rememberAdapter,
  rememberedAdapter,
  rememberedModel,
  rememberModel,
  sameModel,
  type JudgeModel,
} from '../models/judge-model.ts';

/**
 * Where the engine is in its life. `working`: calls wait for it; `stalled`: a worker takes longer than it said, and is
 * given up soon. A `lost` engine is `reopening` by itself a moment later; `failed` says why there is none.
 */
export type EngineStatus =
  'closed' | 'loading' | 'ready' | 'working' | 'stalled' | 'lost' | 'reopening' | 'failed';

/** The judge, and the turn of whoever has it. */
export interface Held {
  judge: OpenJudge;
  release: () => void;
}

/**
 * Supervises the page's one engine: opens it when somebody first needs it, shares it, ends it, and opens it again when
 * it is lost. `hold` it for work that sets a policy or trains.
 */
class JudgeEngine {
  #phase = $state<'closed' | 'loading' | 'open' | 'lost' | 'reopening' | 'failed'>('closed');
  #activity = $state<Activity>('idle');
  readonly status: EngineStatus = $derived(
    this.#phase !== 'open' ? this.#phase : this.#activity === 'idle' ? 'ready' : this.#activity,
  );
  /** Whether the engine is being made ready, for the first time or again. */
  readonly opening = $derived(['loading', 'lost', 'reopening'].includes(this.#phase));
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
  #opening: SharedWork<OpenJudge> | null = null;
  /** The judge without its adapter. */
  #plain: OpenJudge | null = null;
  /** Id of the adapter to put on the model once it is open. */
  #wanted: string | null = rememberedAdapter();
  #lastGood: { model: JudgeModel; adapter: string | null } = { model: EMBEDDED_JUDGE, adapter: null };
  readonly #losses = new Losses();
  readonly #turns = new Turns(() => this.end());

  get engine(): Engine | null {
    return this.judge?.engine ?? null;
  }

  /** What last took the engine away, until work was done with the one opened after it. */
  get loss(): EngineLostError | null {
    return this.#losses.last;
  }

  /** The open model, whether or not an adapter is on it. */
  get base(): ModelInfo | null {
    return this.judge && (this.#plain?.engine.model ?? null);
  }

  /** Who has the engine to themselves just now, in words: "Sampling rationales". */
  get holder(): string | null {
    return this.#turns.holder;
  }

  /**
   * The judge, opened on the first call, and again after a failure. An aborted signal leaves the wait at once; when
   * nobody else waits, opening itself is ended.
   */
  async ready(signal?: AbortSignal): Promise<OpenJudge> {
    for (;;) {
      const opening = (this.#opening ??= this.#open('loading'));
      try {
        return await opening.join(signal);
      } catch (error) {
        signal?.throwIfAborted();
        // Another model or backend was chosen meanwhile: wait for that.
        if (this.#opening === null || this.#opening === opening) throw error;
      }
    }
  }

  /**
   * Waits for a turn and keeps everybody else out until the returned function is called. Policies and training
   * are state of the engine, so a run and a judgment by hand must not interleave.
   */
  async claim(holder: string, options?: TurnOptions): Promise<() => void> {
    const release = await this.#turns.take(holder, options);
    const engine = this.engine;
    return () => {
      // Whoever leaves an engine that still stands has done some work with it.
      if (engine && engine === this.engine) this.#losses.recovered();
      release();
    };
  }

  /** `ready` and `claim` together: the judge that is open when the turn comes. */
  async hold(holder: string, options: TurnOptions = {}): Promise<Held> {
    const signal = options.signal ?? options.background?.signal;
    for (;;) {
      const judge = await this.ready(signal);
      const release = await this.claim(holder, { ...options, signal });
      if (judge === this.judge) return { judge, release };
      release();
    }
  }

  /** Ends the engine at once, whatever it is doing; its calls reject as `ended`. The next `ready` opens it again. */
  end(): void {
    const ended = new EngineLostError('ended');
    const opening = this.#opening;
    this.#leave('closed');
    opening?.end(ended);
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
    const { release } = await this.hold('Changing the adapter');
    try {
      const judge = await this.#putOn(id);
      this.#opening = new SharedWork(() => Promise.resolve(judge));
      this.refusal = null;
    } finally {
      release();
    }
  }

  /** Closes the engine and opens it on another backend (or the same one, after a failure). */
  async reopen(choice: BackendChoice = this.choice): Promise<OpenJudge> {
    this.choice = choice;
    rememberBackend(choice);
    const before = this.#opening;
    this.#leave('closed');
    this.#losses.forget();
    const judge = this.ready();
    before?.end(new EngineLostError('ended'));
    return judge;
  }

  /** Gives up the engine, however it went. */
  #leave(phase: 'closed' | 'lost' | 'failed'): void {
    const plain = this.#plain;
    this.#plain = null;
    this.#opening = null;
    this.judge = null;
    this.adapter = null;
    this.progress = null;
    this.#activity = 'idle';
    this.#phase = phase;
    plain?.engine.close();
  }

  #open(phase: 'loading' | 'lost'): SharedWork<OpenJudge> {
    this.#phase = phase;
    this.failure = null;
    const opening = new SharedWork((signal) => this.#openOrReturn(signal));
    opening.result.catch((error: unknown) => {
      if (this.#opening !== opening) return;
      this.#leave(opening.ended ? 'closed' : 'failed');
      if (!opening.ended) this.failure = explainFailure(error);
    });
    return opening;
  }

  /** Opens the model, or the one before it where it cannot be opened. */
  async #openOrReturn(signal: AbortSignal): Promise<OpenJudge> {
    const model = this.model;
    try {
      return await this.#openUntilItHolds(model, signal);
    } catch (error) {
      signal.throwIfAborted();
      const last = this.#lastGood;
      const before = sameModel(model, last.model) ? { model: EMBEDDED_JUDGE, adapter: null } : last;
      // A run that lost its judge must not go on with another one.
      if (this.#losses.backend || sameModel(model, before.model)) throw error;
      this.refusal = `${model.name} was not loaded. ${explainFailure(error).what} ${before.model.name} judges instead.`;
      this.model = before.model;
      this.#wanted = before.adapter;
      return this.#openUntilItHolds(before.model, signal);
    }
  }

  /** An engine may be lost while it is being opened, too. */
  async #openUntilItHolds(model: JudgeModel, signal: AbortSignal): Promise<OpenJudge> {
    for (;;) {
      try {
        if (this.#losses.any) await this.#rest(signal);
        return await this.#openOnce(model, signal);
      } catch (error) {
        if (signal.aborted || !(error instanceof EngineLostError) || !this.#losses.add(error)) throw error;
      }
    }
  }

  async #rest(signal: AbortSignal): Promise<void> {
    this.#phase = 'lost';
    await this.#losses.rest();
    signal.throwIfAborted();
    this.#phase = 'reopening';
  }

  async #openOnce(model: JudgeModel, signal: AbortSignal): Promise<OpenJudge> {
    const pace = new LoadingPace();
    this.progress = pace.follow(`Loading ${model.name}`, 0, 0);
    const plain = await openModel({
      model,
      choice: this.choice,
      lostOn: this.#losses.backend,
      signal,
      // A worker's last word may arrive after the engine is open, or after the next one is being opened.
      onProgress: ({ label, done, total }) => {
        if (!signal.aborted && this.opening) this.progress = pace.follow(label, done, total);
      },
      onActivity: (activity) => {
        if (!signal.aborted) this.#activity = activity;
      },
      onNotice: (notice) => (this.notice = notice),
    });
    if (signal.aborted) plain.engine.close();
    signal.throwIfAborted();
    this.#plain = plain;
    const judge = await this.#withAdapter(model);
    signal.throwIfAborted();
    void plain.engine.lost.then((loss) => this.#onLost(plain, loss));
    this.progress = null;
    this.#phase = 'open';
    // Where it was opened again it stays, until the reader says otherwise.
    this.#losses.backend &&= plain.engine.device.backend;
    rememberModel(model);
    return judge;
  }

  #onLost(plain: OpenJudge, loss: EngineLostError): void {
    if (this.#plain !== plain) return;
    const again = this.#losses.add(loss);
    this.#losses.backend = plain.engine.device.backend;
    this.#leave(again ? 'lost' : 'failed');
    if (!again) this.failure = explainFailure(loss);
    // Others may wait for it as well; it comes back whether or not they do.
    else (this.#opening = this.#open('lost')).join().catch(() => undefined);
  }

  /** The adapter of the last visit, or from before the engine was changed. One that is gone is no reason to stop. */
  async #withAdapter(model: JudgeModel): Promise<OpenJudge> {
    try {
      return await this.#putOn(this.#wanted);
    } catch (error) {
      if (error instanceof EngineLostError) throw error;
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
}

export const judgeEngine = new JudgeEngine();
