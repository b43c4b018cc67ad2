import { agreementOf, type Agreement } from '../../../evaluate/agreement.ts';
import type { Item, Score } from '../../../judge/item.ts';
import { scoreOf } from '../../../judge/verdict-number.ts';
import type { Policy } from '../../../model/policy.ts';
import { ask, type HandJudgment } from '../../../harness/ask.ts';
import { announcer } from '../shell/toasts.svelte.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { throughLosses } from './through-losses.ts';
import { explainFailure, type Failure } from '../engine/failure.ts';

/** The same judge asked N times, with chance left in (temperature 1): where does it disagree with itself? */
export class Jury {
  status = $state<'idle' | 'asking' | 'done' | 'failed'>('idle');
  item = $state.raw<Item | null>(null);
  size = $state(8);
  /** Text so far of each sample. */
  texts = $state<string[]>([]);
  judgments = $state.raw<readonly HandJudgment[]>([]);
  failure = $state.raw<Failure | null>(null);
  /** The engine was lost in the middle, and the question is asked again. */
  again = $state(false);
  #seed = 1;
  #stop: AbortController | null = null;

  /** Of the samples on show. */
  get seed(): number {
    return this.#seed;
  }

  /** Scores in the order of the samples; null where none could be read. */
  get scores(): (Score | null)[] {
    return this.judgments.map(({ verdict }) => scoreOf(verdict));
  }

  get agreement(): Agreement {
    return agreementOf(this.scores);
  }

  /** The same item and seed get the same answers. */
  async ask(item: Item, { seed = 1, policy }: { seed?: number; policy?: Policy } = {}): Promise<void> {
    this.clear();
    const stop = new AbortController();
    this.#stop = stop;
    this.item = item;
    this.#seed = seed;
    this.status = 'asking';
    try {
      await throughLosses(
        () => this.#ask(item, policy, stop.signal),
        () => {
          stop.signal.throwIfAborted();
          this.again = true;
        },
      );
      if (stop.signal.aborted) return;
      this.status = 'done';
      announcer.say(
        `Asked ${this.size} times. Scores: ${this.scores.map((score) => score ?? 'unread').join(', ')}.`,
      );
    } catch (error) {
      if (stop.signal.aborted) return;
      this.failure = explainFailure(error);
      this.status = 'failed';
    }
  }

  clear(): void {
    this.#stop?.abort();
    this.status = 'idle';
    this.texts = [];
    this.judgments = [];
    this.failure = null;
    this.again = false;
  }

  async #ask(item: Item, policy: Policy | undefined, signal: AbortSignal): Promise<void> {
    this.texts = Array.from({ length: this.size }, () => '');
    this.judgments = [];
    const { judge, release } = await judgeEngine.hold('Judging by hand', { signal });
    try {
      const ids = Array.from({ length: this.size }, (): number[] => []);
      const samples = ids.map((_, sample) => sample);
      const question = { item, samples, temperature: 1, seed: this.#seed, ...(policy && { policy }) };
      const onToken = (sample: number, id: number): void => {
        if (signal.aborted) return;
        ids[sample]?.push(id);
        this.texts[sample] = judge.tokenizer.decode(ids[sample] ?? []);
      };
      await ask(judge, question, (one) => this.#add(one, signal), { signal, onToken });
    } finally {
      release();
    }
  }

  #add(judgment: HandJudgment, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.texts[judgment.sample] = judgment.text;
    this.judgments = [...this.judgments, judgment].sort((a, b) => a.sample - b.sample);
  }
}
