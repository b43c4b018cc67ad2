import type { Completion, GenerateTask } from '../../workers/protocol.ts';
import type { Item } from '../judge/item.ts';
import type { Judgment, Sampling } from '../judge/judgment.ts';
import { completionText, promptIds, type TextTokenizer } from '../judge/tokenizer.ts';
import type { Protocol } from '../judge/protocol.ts';
import { Rows, Writes } from './arrivals.ts';
import { breather } from './breathe.ts';
import { Meter } from './meter.ts';
import { noiseKey } from './sampling-plan.ts';
import { greedyScope, type Spent, type Stage } from '../rationalize/records.ts';
import type { Workbench } from './workbench.ts';

/** Who judges which items how, and where the judgments are kept. */
export interface JudgingRequest {
  round: number;
  stage: Stage;
  scope: string;
  policy: string;
  items: readonly Item[];
  samples: number;
  sampling: Sampling;
  /** Told after each piece of work, so that a round knows its cost over all sittings. */
  onSpent?: (spent: Spent) => Promise<void>;
}

/** Rows asked for at once: many, since an engine's batches empty only towards the end of what it was asked for. */
const ROWS = 1024;

/**
 * Fills a scope: draws the judgments of every item that has none yet, and stores each item's as soon as its last
 * sample is there. Asking again after an interruption therefore draws only what is missing, and draws the same,
 * since noise depends on (seed, round, item, sample, position) alone.
 */
export async function judgeItems(bench: Workbench, request: JudgingRequest): Promise<void> {
  const judged = await bench.store.judgedItems(request.scope);
  let missing = request.items.filter((item) => !judged.has(item.id));
  const meter = new Meter(request, request.items.length, request.items.length - missing.length);
  const onItem = (item: Item, judgments: Judgment[]) => {
    const first = !judged.has(item.id);
    judged.add(item.id);
    meter.add(first ? 1 : 0, judgments.reduce((sum, { ids }) => sum + ids.length, 0)); // prettier-ignore
    bench.emit({ type: 'judgments', scope: request.scope, round: request.round, itemId: item.id, judgments });
    bench.control.report(meter.progress());
  };
  bench.control.report(meter.progress());
  while (missing.length > 0) {
    await bench.control.ready();
    await bench.policy.use(request.policy);
    const chunk = missing.slice(0, Math.max(1, Math.floor(ROWS / request.samples)));
    const earlier = { seconds: meter.seconds, tokens: meter.tokens };
    meter.start();
    await bench.control.interruptible((signal) => judgeChunk(bench, request, chunk, onItem, signal));
    meter.stop();
    await request.onSpent?.({
      seconds: meter.seconds - earlier.seconds,
      tokens: meter.tokens - earlier.tokens,
    });
    missing = missing.filter((item) => !judged.has(item.id));
  }
}

/** Resolves when all of the chunk's items are stored. */
async function judgeChunk(
  bench: Workbench,
  { scope, policy, samples, sampling }: JudgingRequest,
  items: readonly Item[],
  onItem: (item: Item, judgments: Judgment[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const { engine, tokenizer, protocol, store } = bench;
  const tasks = await tasksOf(bench, items, samples);
  const rows = new Rows(items.length, samples);
  const writes = new Writes();
  const finishItem = async (item: Item, completions: Completion[]) => {
    const read = (completion: Completion) =>
      judgmentOf(item, completion, { scope, policy, sampling, protocol, tokenizer });
    const judgments = completions.sort((a, b) => a.sample - b.sample).map(read);
    await store.putItemJudgments(scope, judgments);
    onItem(item, judgments);
  };
  const onCompletion = (completion: Completion) => {
    const complete = rows.add(completion);
    if (complete) writes.add(finishItem(items[completion.task]!, complete));
  };
  try {
    await engine.generate(tasks, sampling, onCompletion, { signal: writes.stopping(signal) });
    await rows.arrived();
  } finally {
    await writes.settled();
  }
}

async function tasksOf({ tokenizer, protocol }: Workbench, items: readonly Item[], samples: number) {
  const numbers = Array.from({ length: samples }, (_, sample) => sample);
  const breathe = breather();
  const tasks: GenerateTask[] = [];
  for (const item of items) {
    tasks.push({ key: noiseKey(item.id), prompt: promptIds(tokenizer, protocol, item), samples: numbers });
    await breathe();
  }
  return tasks;
}

/**
 * Greedy judgments of a policy, one an item. Their scope names all that decides them, so that a judge is
 * evaluated once for all runs that begin with it.
 */
export function greedyRequest({ engine, protocol }: Workbench, policy: string, maxTokens: number) {
  return {
    scope: greedyScope(policy, protocol.id, engine.device.backend, maxTokens),
    policy,
    samples: 1,
    sampling: { temperature: 0, topP: 1, maxTokens, seed: 0, round: 0 },
  };
}

interface Context {
  scope: string;
  policy: string;
  sampling: Sampling;
  protocol: Protocol;
  tokenizer: TextTokenizer;
}

/** A sampled completion, read by its protocol. */
export function judgmentOf(
  item: Item,
  { sample, ids, logprobs, finished }: Omit<Completion, 'task'>,
  { scope, policy, sampling, protocol, tokenizer }: Context,
): Judgment {
  const text = completionText(tokenizer, { ids, finished });
  return {
    id: `${scope}/${item.id}/${sample}`,
    itemId: item.id,
    sample,
    mode: protocol.mode,
    protocol: protocol.id,
    order: [0],
    usedReference: item.reference !== undefined,
    policy,
    sampling,
    ids,
    logprobs,
    text,
    finished,
    ...protocol.parse(text),
  };
}
