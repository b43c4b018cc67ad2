import type { Item, Score } from '../judge/item.ts';
import type { Judgment } from '../judge/judgment.ts';
import { scoreOf } from '../judge/verdict-number.ts';
import { isExactRationale } from './rationale-exact.ts';

/** One judged item beside its label: everything that the metrics look at. */
export interface Outcome {
  itemId: string;
  /** What is resampled together in the bootstrap: all items of one prompt (instruction) share it. */
  group: string;
  label: Score;
  /** null where the judgment could not be read. */
  score: Score | null;
  /** Whether the rationale equals the true one; null where the true one is not known. */
  rationaleExact: boolean | null;
  /** One of the kinds of items that the seed annotators slipped on. */
  slip: boolean;
}

type Read = Pick<Judgment, 'text' | 'rationale' | 'verdict'>;

/** @throws RangeError when the item has no label: there is nothing to compare with. */
export function outcomeOf(item: Item, judgment: Read): Outcome {
  if (item.score === undefined) throw new RangeError(`Item ${item.id} has no label to compare a score with.`);
  const written = judgment.text.slice(...judgment.rationale);
  return {
    itemId: item.id,
    group: item.instruction,
    label: item.score,
    score: scoreOf(judgment.verdict),
    rationaleExact: item.rationale === undefined ? null : isExactRationale(written, item.rationale),
    slip: item.slip ?? false,
  };
}
