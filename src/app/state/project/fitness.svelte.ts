import type { Item } from '../../../judge/item.ts';
import { promptIds } from '../../../judge/tokenizer.ts';
import { eventLoopYielder } from '../../../judge/event-loop.ts';
import { fittingItems } from '../../../harness/fitting-items.ts';
import { presetSettings } from '../../../rationalize/presets.ts';
import { promptLogprobs } from '../../../harness/familiarity.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { explainFailure } from '../engine/failure.ts';
import type { OpenJudge } from '../../../harness/judge-facts.ts';
import { runningJob } from '../job/job.svelte.ts';

/** Room that a judgment takes at most. */
const JUDGMENT_TOKENS = presetSettings('standard').maxTokens;
const BATCH = 8;

/** How a data set suits the judge that is loaded: what is too long for it, and what it has never seen the like of. */
export class Fitness {
  status = $state<'idle' | 'checking' | 'done' | 'failed'>('idle');
  items = $state(0);
  tooLong = $state(0);
  contextLength = $state(0);
  /** How many prompts were read, and how many of them are foreign; null where this judge cannot tell. */
  read = $state(0);
  foreign = $state<number | null>(null);
  failure = $state('');
  #turn = 0;

  /** Reading a prompt costs a forward pass, so at most `mostRead` are tried, spread evenly over the items. */
  async check(items: readonly Item[], mostRead: number): Promise<void> {
    const turn = ++this.#turn;
    const isCurrent = () => turn === this.#turn;
    this.#begin(items.length);
    try {
      const judge = await judgeEngine.ready();
      const fitting = await this.#measure(judge, items);
      if (!isCurrent()) return;
      if (judge.facts.promptLogprobPercentile1 !== undefined && !runningJob.active)
        await this.#read(judge, spread(fitting, mostRead), judge.facts.promptLogprobPercentile1, isCurrent);
      if (isCurrent()) this.status = 'done';
    } catch (error) {
      if (!isCurrent()) return;
      this.failure = explainFailure(error).what;
      this.status = 'failed';
    }
  }

  #begin(items: number): void {
    this.status = 'checking';
    this.items = items;
    this.tooLong = 0;
    this.read = 0;
    this.foreign = null;
  }

  /** Items that fit; the others are counted. */
  async #measure(judge: OpenJudge, items: readonly Item[]): Promise<Item[]> {
    this.contextLength = judge.engine.model.contextLength;
    const fitting = await fittingItems(judge, items, JUDGMENT_TOKENS, eventLoopYielder());
    this.tooLong = items.length - fitting.length;
    return fitting;
  }

  async #read(
    judge: OpenJudge,
    items: readonly Item[],
    threshold: number,
    isCurrent: () => boolean,
  ): Promise<void> {
    const background = new AbortController();
    const release = await judgeEngine.claim('Reading the data', { background });
    // Somebody in front wants the engine: what was read so far is told.
    const goesOn = (): boolean => isCurrent() && !background.signal.aborted;
    try {
      await judge.engine.usePolicy({ kind: 'seed' });
      this.foreign = 0;
      for (let i = 0; i < items.length && goesOn(); i += BATCH) {
        const batch = items.slice(i, i + BATCH);
        const prompts = batch.map((item) => promptIds(judge.tokenizer, judge.protocol, item));
        const logprobs = await promptLogprobs(judge.engine, prompts);
        if (!goesOn()) return;
        this.read += batch.length;
        this.foreign += logprobs.filter((logprob) => logprob < threshold).length;
      }
    } catch (error) {
      if (!background.signal.aborted) throw error;
    } finally {
      if (this.read === 0) this.foreign = null;
      release();
    }
  }
}

function spread<T>(values: readonly T[], most: number): T[] {
  const step = Math.max(1, values.length / most);
  const count = Math.min(values.length, most);
  return Array.from({ length: count }, (_, i) => values[Math.floor(i * step)]!);
}
