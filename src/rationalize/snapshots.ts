import { scoreProbabilities } from '../evaluate/expected-score.ts';
import { scoreTokens } from '../harness/score-distribution.ts';
import type { Item } from '../judge/item.ts';
import { random } from '../judge/random.ts';
import { promptIds, type TextTokenizer } from '../judge/tokenizer.ts';
import { balancedOrder } from '../harness/sampling-plan.ts';
import type { Snapshot } from './records.ts';
import type { JudgmentRecord } from '../harness/judgment-store.ts';
import type { RunBench } from './events.ts';

/** How many validation items are watched during training. */
export const SNAPSHOT_ITEMS = 12;

/** Snapshots may take this share of the training time. */
const BUDGET = 0.05;

/** The watched items: of every label in turn, the same for every run over the same validation items. */
export function snapshotItems(validation: readonly Item[]): Item[] {
  return balancedOrder(validation, random('snapshot')).slice(0, SNAPSHOT_ITEMS);
}

/**
 * Ids up to the place where the score is written: the prompt, the seed judge's greedy rationale, and the cue. The
 * rationale is held fixed, so that what moves during training is the score's distribution and nothing else.
 */
export function scoreContext(bench: RunBench, item: Item, seedJudgment: JudgmentRecord): Int32Array {
  const { tokenizer, protocol } = bench;
  const rationale = seedJudgment.text.slice(...seedJudgment.rationale);
  const upToScore = withoutLastToken(tokenizer, protocol.target(rationale, 1));
  return Int32Array.from([...promptIds(tokenizer, protocol, item), ...upToScore]);
}

function withoutLastToken(tokenizer: TextTokenizer, text: string): Int32Array {
  return tokenizer.encode(text).subarray(0, -1);
}

/** Redraws p(1…5) of the watched items under the policy in training, as often as the budget allows. */
export class SnapshotSeries {
  #lastCost = 0;
  readonly #contexts: Int32Array[];
  readonly #candidates: number[];

  constructor(
    private readonly bench: RunBench,
    private readonly items: readonly Item[],
    seedJudgments: readonly JudgmentRecord[],
    /** Seconds spent on snapshots so far. */
    public seconds: number,
  ) {
    this.#contexts = items.map((item, i) => scoreContext(bench, item, seedJudgments[i]!));
    this.#candidates = scoreTokens(bench);
  }

  /** Whether one more fits the budget, with room left for the one at the end. */
  isDue(trainingSeconds: number): boolean {
    return this.items.length > 0 && this.seconds + 2 * this.#lastCost <= BUDGET * trainingSeconds;
  }

  /** Whether the last one still fits. */
  fitsAtEnd(trainingSeconds: number): boolean {
    return this.items.length > 0 && this.seconds + this.#lastCost <= BUDGET * trainingSeconds;
  }

  async take(step: number): Promise<Snapshot> {
    const started = performance.now();
    const logprobs = await this.bench.engine.nextTokenLogprobs(this.#contexts, this.#candidates);
    this.#lastCost = (performance.now() - started) / 1000;
    this.seconds += this.#lastCost;
    return {
      step,
      itemIds: this.items.map((item) => item.id),
      probabilities: Float32Array.from(logprobs.flatMap((row) => scoreProbabilities(row))),
    };
  }
}
