import type { Progress } from '../../../harness/job.ts';
import { announcer } from '../shell/toasts.svelte.ts';

/** Says once when a stage of the job is over, and once when the job is. */
export class JobAnnouncements {
  #stage: { key: string; name: string } | null = null;

  /** @param label what is being done, in a word or three */
  follow({ stage, round }: Progress, label: string): void {
    const key = `${round ?? ''}/${stage}`;
    if (this.#stage?.key === key) return;
    this.#sayStage();
    this.#stage = { key, name: round ? `${label}, round ${round}` : label };
  }

  /** What failed is told by an alert where the job is shown. */
  end(state: 'done' | 'cancelled' | 'failed'): void {
    if (state === 'done') announcer.say('The run is done.');
    if (state === 'cancelled') announcer.say('The run is cancelled. What was finished is stored.');
    this.#stage = null;
  }

  #sayStage(): void {
    if (this.#stage) announcer.say(`Done: ${this.#stage.name}.`);
  }
}
