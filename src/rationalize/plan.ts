import type { Item, SplitItems } from '../judge/item.ts';
import { fittingItems } from '../harness/fitting-items.ts';
import { balancedOrder, evaluationItems } from '../harness/sampling-plan.ts';
import { random, shuffled } from '../judge/random.ts';
import type { RunSettings } from './settings.ts';
import { snapshotItems } from './snapshots.ts';
import type { Workbench } from '../harness/workbench.ts';

/** Which items a run works on. It follows from items and settings, so a resumed run makes the same plan. */
export interface Plan {
  /** The items that each round samples. */
  rounds: Item[][];
  heldout: Item[];
  /** Validation items whose scores are watched during training. */
  watched: Item[];
  /** Items left out because they are longer than the judge's context allows. */
  tooLong: { train: number; heldout: number };
}

/** Thrown when there is nothing to sample from or nothing to measure on. */
export class NoLabelledItemsError extends Error {
  override name = 'NoLabelledItemsError';
  constructor(part: 'training' | 'held-out') {
    super(
      `There are no labelled ${part} items that fit into this judge's context. Add items with a score from 1 ` +
        'to 5, or load a judge with a longer context.',
    );
  }
}

/** @throws NoLabelledItemsError */
export async function makePlan(
  bench: Workbench,
  items: SplitItems,
  settings: RunSettings,
  yieldToEventLoop: () => Promise<void>,
): Promise<Plan> {
  const fitting = (part: readonly Item[]) => fittingItems(bench, part, settings.maxTokens, yieldToEventLoop);
  const train = await fitting(items.train);
  const heldout = await fitting(items.heldout);
  const plan: Plan = {
    rounds: planItems(train, settings),
    heldout: evaluationItems(heldout, settings.heldoutItems),
    watched: snapshotItems(await fitting(items.validation)),
    tooLong: { train: items.train.length - train.length, heldout: items.heldout.length - heldout.length },
  };
  if (plan.rounds[0]!.length === 0) throw new NoLabelledItemsError('training');
  if (plan.heldout.length === 0) throw new NoLabelledItemsError('held-out');
  return plan;
}

type PlanSettings = Pick<RunSettings, 'seed' | 'rounds' | 'itemsPerRound' | 'itemDraw'>;

/**
 * Which labelled training items each round samples: fresh ones as long as the supply lasts, then the order
 * begins again. A round never holds an item twice. The plan depends on the seed and the items alone, so that
 * a resumed run makes the same one.
 */
export function planItems(training: readonly Item[], settings: PlanSettings): Item[][] {
  const order = drawOrder(training, settings);
  const size = Math.min(settings.itemsPerRound, order.length);
  return Array.from({ length: settings.rounds }, (_, round) =>
    Array.from({ length: size }, (_, i) => order[(round * size + i) % order.length]!),
  );
}

function drawOrder(training: readonly Item[], { seed, itemDraw }: PlanSettings): Item[] {
  const labelled = training.filter((item) => item.score !== undefined);
  const next = random(seed, 'items');
  return itemDraw === 'uniform' ? shuffled(labelled, next) : balancedOrder(labelled, next);
}
