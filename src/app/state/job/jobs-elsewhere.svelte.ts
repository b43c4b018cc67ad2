import { runsHeld } from '../../../store/lock.ts';
import { listenToTabs, tellTabs, type JobElsewhere } from './job-channel.ts';

/** How often it is looked whether a tab that has a job is still there, in milliseconds. */
const LOOK_MS = 2000;

/** How long tabs have to answer where there are no locks, in milliseconds. */
const ANSWER_MS = 500;

/** The jobs that other tabs of this browser have under way. */
class JobsElsewhere {
  all = $state.raw<readonly JobElsewhere[]>([]);
  #watching: ReturnType<typeof setInterval> | undefined;
  /** Whom this tab heard of since it last asked. */
  #heard = new Set<string>();
  #onGone: () => void = () => undefined;

  constructor() {
    listenToTabs((message) => {
      if (message.kind === 'progress') this.#note(message.job);
      if (message.kind === 'ended') this.#remove(({ runId }) => runId === message.runId);
    });
    tellTabs({ kind: 'who' });
  }

  of(runId: string): JobElsewhere | null {
    return this.all.find((job) => job.runId === runId) ?? null;
  }

  /** Called when a tab was closed, or crashed, in the middle of a job. */
  onGone(listener: () => void): void {
    this.#onGone = listener;
  }

  /** Ids of the runs that some tab works on, by their locks; without locks, those that tabs tell of. */
  async held(): Promise<ReadonlySet<string>> {
    const held = await runsHeld();
    if (held) return held;
    this.#heard = new Set();
    tellTabs({ kind: 'who' });
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    return this.#heard;
  }

  #note(job: JobElsewhere): void {
    this.#heard.add(job.runId);
    this.all = [job, ...this.all.filter(({ runId }) => runId !== job.runId)];
    this.#watching ??= setInterval(() => void this.#look(), LOOK_MS);
  }

  /** A lock falls with its tab, which may have had no time to say anything. */
  async #look(): Promise<void> {
    const held = await this.held();
    if (this.#remove(({ runId }) => !held.has(runId))) this.#onGone();
  }

  #remove(gone: (job: JobElsewhere) => boolean): boolean {
    const left = this.all.filter((job) => !gone(job));
    const changed = left.length < this.all.length;
    if (changed) this.all = left;
    if (left.length === 0) {
      clearInterval(this.#watching);
      this.#watching = undefined;
    }
    return changed;
  }
}

export const jobsElsewhere = new JobsElsewhere();
