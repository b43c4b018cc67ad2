import { greedy, judgmentsOf } from '../../harness/judge-items.ts';
import { scoreDistributions } from '../../harness/score-distribution.ts';
import type { Item } from '../../judge/item.ts';
import type { NamedPolicy } from '../../harness/lab-run.ts';
import type { LabBench } from '../lab.ts';

export const JUDGING = 'Judging the passages';
export const READING = 'Reading its scores';

/** What a judge says of a passage. */
export interface PassageReading {
  /** The whole text that it wrote. */
  analysis: string;
  /** p(1…5) after its own analysis; null where that came to no score. */
  probabilities: readonly number[] | null;
}

/** One greedy analysis of each passage, and the probabilities at the place of its score, by item id. */
export async function judgePassages(
  bench: LabBench,
  { policy }: NamedPolicy,
  items: readonly Item[],
  maxTokens: number,
): Promise<Map<string, PassageReading>> {
  const { protocol } = bench;
  const asking = { policy, protocol, items, samples: 1, sampling: greedy(maxTokens) };
  const judgments = await judgmentsOf(bench, { stage: JUDGING, ...asking });
  const distributions = await scoreDistributions(bench, { stage: READING }, items, judgments);
  return new Map(
    [...judgments].map(([itemId, [judgment]]) => [
      itemId,
      { analysis: judgment!.text, probabilities: distributions.get(judgment!.id) ?? null },
    ]),
  );
}
