import type { Item } from '../judge/item.ts';
import { promptIds } from '../judge/tokenizer.ts';
import { evaluationItems, planItems } from '../harness/sampling-plan.ts';
import type { RunSettings } from './settings.ts';
import { snapshotItems } from './snapshots.ts';
import type { Workbench } from '../harness/workbench.ts';

/** The three parts of the project's frozen split. */
export interface SplitItems {
  train: readonly Item[];
  validation: readonly Item[];
  heldout: readonly Item[];
}

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
  breathe: () => Promise<void>,
): Promise<Plan> {
  const fitting = (part: readonly Item[]) => fittingItems(bench, part, settings.maxTokens, breathe);
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

/** Items whose prompt and longest judgment fit into the context; the others are counted, never cut. */
export async function fittingItems(
  { engine, tokenizer, protocol }: Pick<Workbench, 'engine' | 'tokenizer' | 'protocol'>,
  items: readonly Item[],
  maxTokens: number,
  breathe: () => Promise<void>,
): Promise<Item[]> {
  const longest = engine.model.contextLength - maxTokens;
  const fitting: Item[] = [];
  for (const item of items) {
    // No tokenizer here makes more tokens than UTF-8 bytes, at most three per UTF-16 unit: short texts need no count.
    const surelyFits = protocol.render(item).length * 3 + 2 <= longest;
    if (surelyFits || promptIds(tokenizer, protocol, item).length <= longest) fitting.push(item);
    await breathe();
  }
  return fitting;
}
