import { Job, type JobControl, type JobState as State, type Progress } from '../../../harness/job.ts';
import type { OpenJudge } from '../../../harness/judge-facts.ts';
import type { RunEvent } from '../../../rationalize/events.ts';
import { whileHolding } from '../../../store/lock.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { room } from '../project/room.svelte.ts';
import { shell } from '../shell/shell.svelte.ts';
import { forgetJob, rememberJob, type RememberedJob } from './remembered-job.ts';

/** One stretch of long work; the same request again goes on where the last one ended. */
export interface JobRequest {
  remembered: RememberedJob;
  /** Where the job is shown in full. */
  href: string;
  /** Who has the engine meanwhile, in words: "Improving the judge". */
  holder: string;
  /** What is being done, in a word or three. */
  label: (progress: Progress) => string;
  work: (judge: OpenJudge, control: JobControl, emit: (event: RunEvent) => void) => Promise<unknown>;
}

/** The one long job of this page. It goes on while the reader is elsewhere, and after a reload. */
class RunningJob {
  state = $state<State | 'idle' | 'starting'>('idle');
  runId = $state<string | null>(null);
  progress = $state.raw<Progress | null>(null);
  error = $state<string | null>(null);
  /** Where the job is shown in full. */
  href = $state('');
  /** What `error` tells in words. */
  cause: unknown = null;
  readonly active = $derived(['starting', 'running', 'paused'].includes(this.state));
  #job: Job<unknown> | null = null;
  #listeners = new Set<(event: RunEvent, runId: string) => void>();

  /** Resolves when the job has ended, however it ended; `state` and `error` say how. */
  async start(request: JobRequest): Promise<void> {
    if (this.active) return;
    this.#begin(request);
    try {
      await whileHolding(request.remembered.runId, () => this.#run(request));
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
    // Work that waits for room would not end before there is some.
    room.giveUp();
  }

  /** Calls `listener` with everything that jobs tell. Returns how to stop it. */
  listen(listener: (event: RunEvent, runId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async #run(request: JobRequest): Promise<void> {
    const { remembered, holder, work } = request;
    rememberJob(remembered);
    const judge = await judgeEngine.ready();
    const release = await judgeEngine.claim(holder);
    const emit = (event: RunEvent) =>
      this.#listeners.forEach((listener) => listener(event, remembered.runId));
    const job = new Job((control) => work(judge, control, emit));
    this.#job = job;
    const stop = job.subscribe(() => this.#follow(job, request));
    if (remembered.paused) job.pause();
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

  #begin({ remembered, href }: JobRequest): void {
    this.state = 'starting';
    this.runId = remembered.runId;
    this.href = href;
    this.progress = null;
    this.error = null;
    this.cause = null;
  }

  #follow(job: Job<unknown>, { remembered, href, label }: JobRequest): void {
    if (job.state !== this.state) rememberJob({ ...remembered, paused: job.state === 'paused' });
    this.state = job.state;
    this.progress = job.progress;
    const { done = 0, total = 0, secondsLeft = null } = job.progress ?? {};
    shell.job = {
      label: job.progress ? label(job.progress) : 'Starting',
      done,
      total,
      secondsLeft,
      paused: job.state === 'paused',
      href,
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
