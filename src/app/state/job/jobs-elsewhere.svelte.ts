import { runsHeld } from '../../../store/lock.ts';
import { listenToTabs, tellTabs, type JobElsewhere } from './job-channel.ts';

/** How often it is looked whether a tab that has a job is still there, in milliseconds. */
const LOOK_MS = 2000;

/** The jobs that other tabs of this browser have under way. */
class JobsElsewhere {
  all = $state.raw<readonly JobElsewhere[]>([]);
  #watching: ReturnType<typeof setInterval> | undefined;
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

  #note(job: JobElsewhere): void {
    this.all = [job, ...this.all.filter(({ runId }) => runId !== job.runId)];
    this.#watching ??= setInterval(() => void this.#look(), LOOK_MS);
  }

  /** A lock falls with its tab, which may have had no time to say anything. */
  async #look(): Promise<void> {
    const held = await runsHeld();
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
