import type { Item } from '../../../judge/item.ts';
import type { Policy } from '../../../model/policy.ts';
import { familiarity, type Familiarity } from '../../../harness/familiarity.ts';
import { ask, scoreDistribution, type HandJudgment } from '../../../harness/ask.ts';
import { announcer } from '../shell/toasts.svelte.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { throughLosses } from './through-losses.ts';
import { explainFailure, type Failure } from '../engine/failure.ts';

/** One judgment of one item, watched as it is written: text, then score, then p(1…5). */
export class Judging {
  status = $state<'idle' | 'waiting' | 'writing' | 'done' | 'failed'>('idle');
  item = $state.raw<Item | null>(null);
  /** Hash of the model that judges, with its adapter. */
  model = $state<string | null>(null);
  /** The text so far. */
  text = $state('');
  judgment = $state.raw<HandJudgment | null>(null);
  probabilities = $state.raw<number[] | null>(null);
  familiarity = $state.raw<Familiarity>({ kind: 'familiar' });
  failure = $state.raw<Failure | null>(null);
  /** The engine was lost in the middle, and the question is asked again. */
  again = $state(false);
  #stop: AbortController | null = null;

  get busy(): boolean {
    return this.status === 'waiting' || this.status === 'writing';
  }

  /** The score, where one could be read. */
  get score(): number | null {
    const verdict = this.judgment?.verdict;
    return verdict?.kind === 'score' ? verdict.score : null;
  }

  /** Judges greedily; a judgment that is under way is given up for the new one. */
  async judge(item: Item, policy?: Policy): Promise<void> {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.again = false;
    this.#begin(item);
    try {
      await throughLosses(
        () => this.#judge(item, policy, stop.signal),
        () => {
          stop.signal.throwIfAborted();
          this.#begin(item);
          this.again = true;
        },
      );
      if (!stop.signal.aborted) this.#finish();
    } catch (error) {
      if (stop.signal.aborted) return;
      this.failure = explainFailure(error);
      this.status = 'failed';
    }
  }

  cancel(): void {
    this.#stop?.abort();
    if (this.busy) this.status = 'idle';
  }

  /** What was written is read aloud as a whole: a text that grows would be read again with every word. */
  #finish(): void {
    this.status = 'done';
    if (!this.judgment) return;
    const { score } = this;
    announcer.say(`The judge is done: ${score === null ? 'no score could be read' : `score ${score} of 5`}.`);
  }

  #begin(item: Item): void {
    this.item = item;
    this.text = '';
    this.judgment = null;
    this.probabilities = null;
    this.failure = null;
    this.familiarity = { kind: 'familiar' };
    this.status = 'waiting';
  }

  async #judge(item: Item, policy: Policy | undefined, signal: AbortSignal): Promise<void> {
    const { judge, release } = await judgeEngine.hold('Judging by hand', { signal });
    try {
      this.model = judge.engine.model.hash;
      // The stored threshold is the seed judge's, so it is the seed judge that is asked whether it knows the task.
      await judge.engine.usePolicy({ kind: 'seed' });
      const known = await familiarity(judge, item);
      signal.throwIfAborted();
      this.familiarity = known;
      if (known.kind === 'too-long') return;
      this.status = 'writing';
      const ids: number[] = [];
      const onToken = (_sample: number, id: number): void => {
        ids.push(id);
        if (!signal.aborted) this.text = judge.tokenizer.decode(ids);
      };
      const question = { item, samples: [0], temperature: 0, seed: 0, ...(policy && { policy }) };
      let judgment: HandJudgment | null = null;
      await ask(judge, question, (one) => (judgment = one), { signal, onToken });
      signal.throwIfAborted();
      this.judgment = judgment;
      if (judgment) this.probabilities = await scoreDistribution(judge, item, judgment);
    } finally {
      release();
    }
  }
}
