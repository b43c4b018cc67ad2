import { microItemsInSteps, MICRO_VERSION } from '../../../data/micro/items.ts';
import { BUILT_IN_COUNTS, BUILT_IN_SEED } from '../../../data/micro/built-in.ts';
import type { Item } from '../../../judge/item.ts';
import { inSlices } from '../../../judge/steps.ts';
import type { Experiment, RecordedJudgment } from '../../../share/experiment.ts';
import { itemOf } from '../../../share/of-judgment.ts';

/** A recorded judgment with what it is about; null where this page's generator is not the one that made the item. */
export interface ReadJudgment extends Omit<RecordedJudgment, 'item'> {
  item: Item | null;
}

/** The judgments of an experiment with their items: built-in ones travel by their number. */
export async function recordedItems({ judgments = [], numbers }: Experiment): Promise<ReadJudgment[]> {
  const places = judgments.flatMap(({ item }) => (typeof item === 'number' ? [item] : []));
  const known = numbers.items === MICRO_VERSION && places.length > 0 && Math.max(...places) < MOST_ITEMS;
  const count = known ? Math.max(...places) + 1 : 0;
  const generated = await inSlices(microItemsInSteps('heldout', BUILT_IN_SEED, count));
  return judgments.map((judgment) => {
    const { item } = judgment;
    return { ...judgment, item: typeof item === 'number' ? (generated[item] ?? null) : itemOf(item) };
  });
}

/** What the built-in project holds: a link cannot make the page generate for minutes. */
const MOST_ITEMS = BUILT_IN_COUNTS.heldout;
