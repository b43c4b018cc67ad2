import { Job, type JobControl, type Progress } from '../../../harness/job.ts';
import type { OpenJudge } from '../../../harness/judge-facts.ts';
import { lossesInARow, MOST_RECOVERIES, recovering, type RecordedLoss } from '../../../harness/recovery.ts';
import type { RunEvent } from '../../../rationalize/events.ts';
import { room } from '../project/room.svelte.ts';
import { TakenOverError, whileHolding } from '../../../store/lock.ts';
import { judgeEngine, type Held } from '../engine/engine.svelte.ts';
import { unlessAborted } from '../engine/shared-work.ts';
import { shell } from '../shell/shell.svelte.ts';
import { JobAnnouncements } from './job-announcements.ts';
import { listenToTabs, tellTabs } from './job-channel.ts';
import { watchPageLife } from './page-life.ts';
import type { RememberedJob } from './job-record.ts';
import { forgetKept, keepJob } from './kept-jobs.ts';
import { forgetJob, rememberJob } from './remembered-job.ts';
import { judgeNow, openJudge } from './right-judge.ts';
import { WakeLock } from './wake-lock.ts';

/** What the work of a job is given. */
export interface JobWork {
  judge: OpenJudge;
  control: JobControl;
  emit: (event: RunEvent) => void;
  /** Aborted when another tab takes the run over: nothing of it may be written any more. */
  owned: AbortSignal;
  /** How the engine was lost on the way here. */
  losses: readonly RecordedLoss[];
}

/** One stretch of long work; the same request again goes on where the last one ended. */
export interface JobRequest {
  remembered: RememberedJob;
  /** Where the job is shown in full. */
  href: string;
  /** Who has the engine meanwhile, in words: "Improving the judge". */
  holder: string;
  /** What is being done, in a word or three. */
  label: (progress: Progress) => string;
  work: (given: JobWork) => Promise<unknown>;
  /** Takes the run from the tab that has it. */
  takeOver?: boolean;
}

type State = 'idle' | 'starting' | 'running' | 'recovering' | 'paused' | 'done' | 'cancelled' | 'failed';

const ACTIVE: readonly State[] = ['starting', 'running', 'recovering', 'paused'];

/** How often progress is stored and told to other tabs, in milliseconds. */
const TELL_MS = 300;
const STORE_MS = 2000;

/** The one long job of this page. It goes on while the reader is elsewhere, and after a reload. */
class RunningJob {
  state = $state<State>('idle');
  runId = $state<string | null>(null);
  progress = $state.raw<Progress | null>(null);
  error = $state<string | null>(null);
  /** What is being done about an engine that was lost, in words. */
  notice = $state<string | null>(null);
  /** Where the job is shown in full. */
  href = $state('');
  /** What `error` tells in words. */
  cause = $state.raw<unknown>(null);
  readonly active = $derived(ACTIVE.includes(this.state));
  #job: Job<unknown> | null = null;
  #request: JobRequest | null = null;
  #remembered: RememberedJob | null = null;
  /** What stands between the start, or a loss, and work: an engine. */
  #waiting: 'starting' | 'recovering' | null = null;
  #frozen = false;
  /** Whether this tab has the run: only then is it this one's to remember, and to forget. */
  #owned = false;
  #told = 0;
  #stored = 0;
  readonly #wakeLock = new WakeLock();
  readonly #announcements = new JobAnnouncements();
  #listeners = new Set<(event: RunEvent, runId: string) => void>();

  constructor() {
    watchPageLife({ onFreeze: () => this.#freeze(), onThaw: () => this.#thaw() });
    listenToTabs((message) => {
      if (message.kind === 'who' && this.active) this.#tell(true);
      if (message.kind === 'release' && message.runId === this.runId) this.#job?.cancel(new TakenOverError());
    });
  }

  /** Resolves when the job has ended, however it ended; `state` and `error` say how. */
  async start(request: JobRequest): Promise<void> {
    if (this.active) return;
    const job = new Job(
      (control) => this.#hold(request, control),
      () => judgeEngine.end(),
    );
    this.#begin(request, job);
    job.subscribe(() => this.#follow(job));
    if (request.remembered.paused) job.pause();
    this.#follow(job);
    await job.result.catch(() => undefined);
    this.#end(job, request.remembered.runId);
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

  /** Works while no other tab works on the same run. */
  #hold(request: JobRequest, control: JobControl): Promise<unknown> {
    const { runId } = request.remembered;
    const askForIt = request.takeOver ? () => tellTabs({ kind: 'release', runId }) : undefined;
    const work = (owned: AbortSignal) => {
      this.#owned = true;
      this.#store();
      owned.addEventListener('abort', () => this.#job?.cancel(owned.reason as Error));
      return this.#recovering(request, control, owned);
    };
    return whileHolding(runId, work, askForIt);
  }

  #recovering(request: JobRequest, control: JobControl, owned: AbortSignal): Promise<unknown> {
    const job = this.#job!;
    return recovering(
      {
        control,
        losses: request.remembered.losses ?? [],
        place: () => placeOf(job.progress),
        worked: () => job.workedSeconds,
        onLoss: (losses) => this.#noteLosses(losses),
      },
      (losses) => this.#attempt(request, { control, owned, losses }),
    );
  }

  /** One stretch of work with one engine. */
  async #attempt(request: JobRequest, given: Omit<JobWork, 'judge' | 'emit'>): Promise<unknown> {
    const { control } = given;
    const { runId } = request.remembered;
    const { judge, release } = await this.#holdEngine(request, control);
    this.#remembered = { ...this.#remembered!, judge: judgeNow() };
    const emit = (event: RunEvent) => this.#listeners.forEach((listener) => listener(event, runId));
    this.#waiting = null;
    this.notice = null;
    this.#follow(this.#job!);
    try {
      return await request.work({ ...given, judge, emit });
    } finally {
      this.#waiting = 'recovering';
      release();
    }
  }

  /** Waits for the engine; Pause leaves the line, and Resume stands in it again. */
  async #holdEngine({ holder, remembered }: JobRequest, control: JobControl) {
    const held: Held[] = [];
    const wait = async (signal: AbortSignal) => {
      if (remembered.judge) await unlessAborted(openJudge(remembered.judge), signal);
      held.push(await judgeEngine.hold(holder, { signal }));
    };
    while (held.length === 0) await control.interruptible(wait);
    return held[0]!;
  }

  #noteLosses(losses: readonly RecordedLoss[]): void {
    this.#remembered = { ...this.#remembered!, losses };
    const turn = lossesInARow(losses);
    if (turn > MOST_RECOVERIES) return;
    this.#waiting = 'recovering';
    this.notice = `The engine was lost. ${losses.at(-1)!.what} Going on from what is stored, ${turn} of ${MOST_RECOVERIES}.`;
    this.#store();
    this.#follow(this.#job!);
  }

  #begin(request: JobRequest, job: Job<unknown>): void {
    this.#request = request;
    this.#remembered = { judge: judgeNow(), ...request.remembered };
    this.#job = job;
    this.#waiting = 'starting';
    this.#frozen = false;
    this.#owned = false;
    this.runId = request.remembered.runId;
    this.href = request.href;
    this.progress = null;
    this.error = null;
    this.notice = null;
    this.cause = null;
    this.state = 'starting';
  }

  #follow(job: Job<unknown>): void {
    if (job !== this.#job || !['running', 'paused'].includes(job.state)) return;
    const state = job.state === 'running' ? (this.#waiting ?? 'running') : 'paused';
    const changed = state !== this.state;
    this.state = state;
    this.progress = job.progress;
    if (job.progress) this.#announcements.follow(job.progress, this.#label());
    this.#wakeLock.wanted = state !== 'paused';
    this.#show(job);
    if (changed || performance.now() - this.#stored > STORE_MS) this.#store();
    this.#tell(changed);
  }

  /** The header's chip. */
  #show(job: Job<unknown>): void {
    const { done = 0, total = 0, secondsLeft = null } = job.progress ?? {};
    shell.job = {
      label: this.#label(),
      done,
      total,
      secondsLeft,
      paused: job.state === 'paused',
      href: this.href,
      pause: () => job.pause(),
      resume: () => job.resume(),
    };
  }

  #label(): string {
    if (this.state === 'recovering') return 'Opening the engine again';
    if (!this.progress || !this.#request) return 'Getting the judge ready';
    return this.#request.label(this.progress);
  }

  #store(): void {
    if (!this.#remembered || !this.#owned) return;
    this.#stored = performance.now();
    // A page that is frozen is paused by the browser, not by the reader.
    const paused = this.state === 'paused' && !this.#frozen;
    const job = { ...this.#remembered, paused };
    rememberJob(job);
    void keepJob({ job, at: Date.now(), progress: this.progress });
  }

  #tell(now: boolean): void {
    if (!this.runId || !this.#owned || (!now && performance.now() - this.#told < TELL_MS)) return;
    this.#told = performance.now();
    const { runId, href, progress } = this;
    const paused = this.state === 'paused';
    tellTabs({ kind: 'progress', job: { runId, href, label: this.#label(), paused, progress } });
  }

  #end(job: Job<unknown>, runId: string): void {
    this.state = job.state;
    if (job.state === 'done' || job.state === 'cancelled' || job.state === 'failed')
      this.#announcements.end(job.state);
    this.cause = job.error;
    this.error = job.state === 'failed' ? messageOf(job.error) : null;
    this.notice = null;
    this.#wakeLock.wanted = false;
    shell.job = null;
    shell.hasFinished ||= job.state === 'done';
    const isElsewhere = !this.#owned || job.error instanceof TakenOverError;
    // A job that failed is tried again after a reload, which is what most failures need.
    if (isElsewhere || job.state !== 'failed') forgetJob();
    if (isElsewhere) return;
    void forgetKept(runId);
    tellTabs({ kind: 'ended', runId });
  }

  #freeze(): void {
    if (this.#job?.state !== 'running') return;
    this.#frozen = true;
    this.#job.pause();
  }

  #thaw(): void {
    if (!this.#frozen) return;
    this.#frozen = false;
    this.#job?.resume();
  }
}

function placeOf(progress: Progress | null) {
  return (
    progress && { stage: progress.stage, ...(progress.round !== undefined && { round: progress.round }) }
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export const runningJob = new RunningJob();
