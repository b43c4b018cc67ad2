import type { Item } from '../../judge/item.ts';
import { promptIds } from '../../judge/tokenizer.ts';
import { breather } from '../../rationalize/breathe.ts';
import { judgeEngine } from './engine.svelte.ts';
import { explainFailure } from './failure.ts';
import type { OpenJudge } from './open-judge.ts';
import { runningJob } from './job.svelte.ts';

/** Room that a judgment takes at most, in tokens; the default of a run. */
const JUDGMENT_TOKENS = 110;
/** Reading a prompt costs a forward pass, so a large data set is tried on a sample, spread over it evenly. */
const MOST_READ = 200;
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

  async check(items: readonly Item[]): Promise<void> {
    const turn = ++this.#turn;
    const isCurrent = () => turn === this.#turn;
    this.#begin(items.length);
    try {
      const judge = await judgeEngine.ready();
      const fitting = await this.#measure(judge, items, isCurrent);
      if (judge.facts.promptLogprobPercentile1 !== undefined && !runningJob.active)
        await this.#read(judge, spread(fitting), judge.facts.promptLogprobPercentile1, isCurrent);
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

  /** Prompts that fit; the others are counted. */
  async #measure(judge: OpenJudge, items: readonly Item[], isCurrent: () => boolean): Promise<Int32Array[]> {
    const { engine, tokenizer, protocol } = judge;
    const breathe = breather();
    this.contextLength = engine.model.contextLength;
    const fitting: Int32Array[] = [];
    for (const item of items) {
      await breathe();
      if (!isCurrent()) break;
      const prompt = promptIds(tokenizer, protocol, item);
      if (prompt.length + JUDGMENT_TOKENS <= this.contextLength) fitting.push(prompt);
      else this.tooLong += 1;
    }
    return fitting;
  }

  async #read(
    judge: OpenJudge,
    prompts: Int32Array[],
    threshold: number,
    isCurrent: () => boolean,
  ): Promise<void> {
    const release = await judgeEngine.claim('Reading the data');
    try {
      await judge.engine.usePolicy({ kind: 'seed' });
      this.foreign = 0;
      for (let i = 0; i < prompts.length && isCurrent(); i += BATCH) {
        const batch = prompts.slice(i, i + BATCH).map((prompt) => ({
          prompt: prompt.subarray(0, 1),
          completion: prompt.subarray(1),
        }));
        const logprobs = await judge.engine.sequenceLogprobs(batch);
        if (!isCurrent()) return;
        this.read += batch.length;
        this.foreign += logprobs.filter((row) => mean(row) < threshold).length;
      }
    } finally {
      release();
    }
  }
}

function spread<T>(values: readonly T[]): T[] {
  const step = Math.max(1, values.length / MOST_READ);
  const count = Math.min(values.length, MOST_READ);
  return Array.from({ length: count }, (_, i) => values[Math.floor(i * step)]!);
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
