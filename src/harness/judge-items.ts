import type { Completion } from '../model/completion.ts';
import type { GenerateTask } from '../model/generate-task.ts';
import type { Judgment } from '../judge/judgment.ts';
import type { Sampling } from '../model/sampling.ts';
import { ownPart } from '../judge/own-part.ts';
import { readVerdict } from '../judge/own-verdict.ts';
import { promptIds, type TextTokenizer } from '../judge/tokenizer.ts';
import type { Asked, Protocol } from '../judge/protocol.ts';
import { CompletionRows } from './completion-rows.ts';
import { eventLoopYielder } from '../judge/event-loop.ts';
import { groupBy } from './group-by.ts';
import type { Place } from './job.ts';
import type { JudgmentRecord } from './judgment-store.ts';
import { Meter, type Spent } from './meter.ts';
import { PendingWrites } from './pending-writes.ts';
import { noiseKey } from './sampling-plan.ts';
import { greedyScope, judgmentScope } from './scopes.ts';
import type { Workbench } from './workbench.ts';

/** Anything that can be judged: its id is a hash of its content, and names its noise. */
export interface Judged {
  id: string;
}

/** Who judges which subjects how. */
export interface Asking<Subject extends Judged> extends Place {
  policy: string;
  protocol: Protocol<Subject>;
  /** In which order the answers are shown, and whether with the reference. */
  asked?: Asked;
  items: readonly Subject[];
  samples: number;
  sampling: Sampling;
  /** Told after each piece of work, so that a round knows its cost over all sessions. */
  onSpent?: (spent: Spent) => Promise<void>;
}

/** The same, and where the judgments are kept. */
export interface JudgingRequest<Subject extends Judged> extends Asking<Subject> {
  scope: string;
}

/** Rows asked for at once: many, since an engine's batches empty only towards the end of what it was asked for. */
const ROWS = 1024;

/**
 * Fills a scope: draws the judgments of every item that has none yet, and stores each item's as soon as its last
 * sample is there. Asking again after an interruption therefore draws only what is missing, and draws the same,
 * since noise depends on (seed, round, item, sample, position) alone.
 */
export async function judgeItems<Subject extends Judged>(
  bench: Workbench,
  request: JudgingRequest<Subject>,
): Promise<void> {
  const place = placeOf(request);
  const judged = await bench.store.judgedItems(request.scope);
  let missing = request.items.filter((item) => !judged.has(item.id));
  const meter = new Meter(place, request.items.length, request.items.length - missing.length);
  const onItem = (item: Subject, judgments: Judgment[], tokens: number) => {
    const first = !judged.has(item.id);
    judged.add(item.id);
    meter.add(first ? 1 : 0, tokens);
    bench.emit({ type: 'judgments', scope: request.scope, ...place, itemId: item.id, judgments });
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
async function judgeChunk<Subject extends Judged>(
  { engine, tokenizer, store }: Workbench,
  request: JudgingRequest<Subject>,
  items: readonly Subject[],
  onItem: (item: Subject, judgments: Judgment[], tokens: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { scope, samples, sampling } = request;
  const tasks = await tasksOf(tokenizer, request, items);
  const rows = new CompletionRows(items.length, samples);
  const writes = new PendingWrites();
  const finishItem = async (item: Subject, completions: Completion[]) => {
    const read = (completion: Completion) => judgmentOf(item, completion, { ...request, tokenizer });
    const judgments = completions.sort((a, b) => a.sample - b.sample).map(read);
    await store.putItemJudgments(scope, judgments);
    onItem(item, judgments, completions.reduce((sum, { ids }) => sum + ids.length, 0)); // prettier-ignore
  };
  const onCompletion = (completion: Completion) => {
    const complete = rows.add(completion);
    if (complete) writes.add(finishItem(items[completion.task]!, complete));
  };
  try {
    await engine.generate(tasks, sampling, onCompletion, { signal: writes.stopping(signal) });
    await rows.complete();
  } finally {
    await writes.settled();
  }
}

async function tasksOf<Subject extends Judged>(
  tokenizer: TextTokenizer,
  { protocol, asked, samples }: JudgingRequest<Subject>,
  items: readonly Subject[],
): Promise<GenerateTask[]> {
  const numbers = Array.from({ length: samples }, (_, sample) => sample);
  const yieldToEventLoop = eventLoopYielder();
  const tasks: GenerateTask[] = [];
  for (const item of items) {
    const prompt = promptIds(tokenizer, protocol, item, asked);
    tasks.push({ key: noiseKey(item.id), prompt, samples: numbers });
    await yieldToEventLoop();
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
    protocol,
    samples: 1,
    sampling: greedy(maxTokens),
  };
}

/** Sampling that always takes the likeliest token. */
export function greedy(maxTokens: number): Sampling {
  return { temperature: 0, topP: 1, maxTokens, seed: 0, round: 0 };
}

/**
 * Judgments by subject id, in the order of samples, in a scope that is named by all that decides them: what any method
 * asked before is not asked again.
 */
export async function judgmentsOf<Subject extends Judged>(
  bench: Workbench,
  request: Asking<Subject>,
): Promise<Map<string, JudgmentRecord[]>> {
  const { policy, protocol, sampling, asked } = request;
  const { backend } = bench.engine.device;
  const by = { policy, protocol: protocol.id, backend, sampling, ...(asked && { asked }) };
  const scope = judgmentScope(by);
  const items = [...new Map(request.items.map((item) => [item.id, item])).values()];
  await judgeItems(bench, { ...request, scope: `${scope}/${request.samples}`, items });
  const stored = await bench.store.judgments(`${scope}/${request.samples}`);
  const wanted = new Set(items.map(({ id }) => id));
  return groupByItem(stored.filter(({ itemId }) => wanted.has(itemId)));
}

export function groupByItem(judgments: readonly JudgmentRecord[]): Map<string, JudgmentRecord[]> {
  return groupBy(judgments, ({ itemId }) => itemId);
}

function placeOf({ stage, round }: Place): Place {
  return { stage, ...(round !== undefined && { round }) };
}

interface Context<Subject> {
  scope: string;
  policy: string;
  sampling: Sampling;
  protocol: Protocol<Subject>;
  asked?: Asked;
  tokenizer: TextTokenizer;
}

/** A sampled completion, or the part of it that is the judgment, read by its protocol. */
export function judgmentOf<Subject extends Judged>(
  item: Subject,
  { sample, ...completion }: Omit<Completion, 'task'>,
  { scope, policy, sampling, protocol, asked, tokenizer }: Context<Subject>,
): Judgment {
  const own = ownPart(tokenizer, protocol, completion);
  return {
    id: `${scope}/${item.id}/${sample}`,
    itemId: item.id,
    sample,
    mode: protocol.mode,
    protocol: protocol.id,
    ...protocol.shows(item, asked),
    policy,
    sampling,
    ...own,
    ...readVerdict(protocol, own.text, item),
  };
}
