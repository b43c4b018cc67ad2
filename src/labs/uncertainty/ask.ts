import { eventLoopYielder } from '../../judge/event-loop.ts';
import { fittingItems } from '../../harness/fitting-items.ts';
import { judgmentsOf } from '../../harness/judge-items.ts';
import type { JudgmentRecord } from '../../harness/judgment-store.ts';
import type { Item } from '../../judge/item.ts';
import { random, shuffled } from '../../judge/random.ts';
import type { NamedPolicy } from '../../harness/lab-run.ts';
import type { LabBench } from '../lab.ts';
import type { Settings } from './fields.ts';
import type { SampledItem } from './judged-item.ts';

/** The embedded judge's longest judgments take about 110 tokens. */
const JUDGMENT_TOKENS = 110;
/** Fewer cannot be halved and binned. */
const LEAST = 20;

/** Thrown when the reader's items do not suffice. */
export class TooFewItemsError extends Error {
  override name = 'TooFewItemsError';
  constructor(found: number) {
    super(
      `Only ${found} held-out items have a true score and fit the judge: at least ${LEAST} are needed, half of them to fit a boundary and half to test it.`,
    );
  }
}

/** Held-out items with true scores, as many as asked for or as there are. @throws TooFewItemsError */
export async function chosenItems(bench: LabBench, { items: wanted, seed }: Settings): Promise<Item[]> {
  const { heldout } = bench.items ?? (await bench.builtInItems());
  const labelled = heldout.filter(({ score }) => score !== undefined);
  const order = shuffled(labelled, random(seed, 'uncertainty', 'items'));
  const fitting = await fittingItems(bench, order, JUDGMENT_TOKENS, eventLoopYielder());
  if (fitting.length < LEAST) throw new TooFewItemsError(fitting.length);
  return fitting.slice(0, wanted);
}

/** The items with what one judge wrote of them, sampled. @throws AbortError when cancelled */
export async function sampledItems(
  bench: LabBench,
  { name, policy }: NamedPolicy,
  items: readonly Item[],
  { samples, seed }: Settings,
): Promise<SampledItem[]> {
  const judgments = await judgmentsOf(bench, {
    stage: bench.judges.length > 1 ? `Judging the items (${name})` : 'Judging the items',
    policy,
    protocol: bench.protocol,
    items,
    samples,
    sampling: { temperature: 1, topP: 1, maxTokens: JUDGMENT_TOKENS, seed, round: 0 },
  });
  return items.map((item) => sampledItem(item, judgments.get(item.id) ?? []));
}

function sampledItem(item: Item, judgments: readonly JudgmentRecord[]): SampledItem {
  const { instruction, response, criterion, score } = item;
  return {
    title: instruction,
    label: String(score),
    positive: score === 5,
    verdicts: judgments.map(({ verdict }) => (verdict.kind === 'score' ? verdict.score : null)),
    texts: [
      ['Response', response],
      ['Criterion', criterion],
      ...judgments.slice(0, 2).map(({ text }, i): [string, string] => [`Judgment ${i + 1}`, text]),
    ],
  };
}
