import { Job, type JobState as State, type Progress } from '../../../harness/job.ts';
import type { RunEvent } from '../../../rationalize/events.ts';
import type { SplitItems } from '../../../judge/item.ts';
import { isStage, type Run, type Stage } from '../../../rationalize/records.ts';
import type { Results } from '../../../rationalize/results.ts';
import { rationalize } from '../../../rationalize/run.ts';
import type { RunStore } from '../../../rationalize/run-store.ts';
import type { RunSettings } from '../../../rationalize/settings.ts';
import { whileHolding } from '../../../store/lock.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { forgetJob, rememberJob, type RememberedJob } from './remembered-job.ts';
import { shell } from '../shell/shell.svelte.ts';

export const STAGE_LABELS: Record<Stage, string> = {
  before: 'Asking the seed judge',
  sample: 'Sampling rationales',
  pairs: 'Building pairs',
  train: 'Training with DPO',
  evaluate: 'Judging held-out items',
};

/** What a job counts in each stage. */
export const STAGE_UNITS: Record<Stage, string> = {
  before: 'items',
  sample: 'items',
  pairs: 'items',
  train: 'steps',
  evaluate: 'items',
};

/** Everything that one stretch of a run needs; the same request again goes on where the last one ended. */
export interface JobRequest extends RememberedJob {
  items: SplitItems;
  settings: RunSettings;
  store: RunStore;
  /** Where the job is shown in full. */
  href: string;
}

/** The one long job of this page. It goes on while the reader is elsewhere, and after a reload. */
class RunningJob {
  state = $state<State | 'idle' | 'starting'>('idle');
  runId = $state<string | null>(null);
  until = $state.raw<RememberedJob['until']>(undefined);
  progress = $state.raw<Progress | null>(null);
  error = $state<string | null>(null);
  /** What `error` tells in words. */
  cause: unknown = null;
  readonly active = $derived(['starting', 'running', 'paused'].includes(this.state));
  #job: Job<Results | null> | null = null;
  #listeners = new Set<(event: RunEvent, runId: string) => void>();

  /** Resolves when the job has ended, however it ended; `state` and `error` say how. */
  async start(request: JobRequest): Promise<void> {
    if (this.active) return;
    this.#begin(request);
    try {
      await whileHolding(request.runId, () => this.#run(request));
    } catch (error) {
      this.#fail(error);
    } finally {
      shell.job = null;
    }
  }

  pause(): void {
    this.#job?.pause();
  }

  resume(): void {
    this.#job?.resume();
  }

  cancel(): void {
    this.#job?.cancel();
  }

  /** Calls `listener` with everything that jobs tell. Returns how to stop it. */
  listen(listener: (event: RunEvent, runId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async #run(request: JobRequest): Promise<void> {
    rememberJob(request);
    const { engine, tokenizer, protocol } = await judgeEngine.ready();
    const release = await judgeEngine.claim('Improving the judge');
    const { runId } = request;
    const onEvent = (event: RunEvent) => this.#listeners.forEach((listener) => listener(event, runId));
    const job = new Job((control) =>
      rationalize({ ...request, engine, tokenizer, protocol, onEvent, control }),
    );
    this.#job = job;
    const stop = job.subscribe(() => this.#follow(job, request));
    if (request.paused) job.pause();
    this.#follow(job, request);
    try {
      await job.result;
    } catch (error) {
      if (job.state === 'failed') throw error;
    } finally {
      stop();
      release();
      // A failed job is tried again after a reload, which is what most failures need.
      if (job.state !== 'failed') forgetJob();
    }
  }

  #begin(request: JobRequest): void {
    this.state = 'starting';
    this.runId = request.runId;
    this.until = request.until;
    this.progress = null;
    this.error = null;
    this.cause = null;
  }

  #follow(job: Job<Results | null>, request: JobRequest): void {
    if (job.state !== this.state) rememberJob({ ...request, paused: job.state === 'paused' });
    this.state = job.state;
    this.progress = job.progress;
    const { stage, done = 0, total = 0, secondsLeft = null } = job.progress ?? {};
    shell.job = {
      label: isStage(stage) ? STAGE_LABELS[stage] : (stage ?? 'Starting'),
      done,
      total,
      secondsLeft,
      paused: job.state === 'paused',
      href: request.href,
      pause: () => job.pause(),
      resume: () => job.resume(),
    };
  }

  #fail(error: unknown): void {
    this.state = 'failed';
    this.cause = error;
    this.error = error instanceof Error ? error.message : String(error);
  }
}

export const runningJob = new RunningJob();

/** A run's name in addresses: "calm otter" → "calm-otter". */
export function runSlug(run: Pick<Run, 'name'>): string {
  return run.name.replaceAll(' ', '-');
}
