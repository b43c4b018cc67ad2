/** A verdict or a label: a number (a score, or 1 for right and 0 for wrong), or which of two answers is better. */
export type VerdictValue = number | 'first' | 'second' | 'tie';

/**
 * One row of the verdict table, which every analysis reads and nothing else: so imported verdicts, scripted judges
 * and loaded models are alike to it. null where a row does not say.
 */
export interface VerdictRow {
  item: string;
  /** What the item shares with others: its prompt, question, source or task. */
  group: string | null;
  judge: string | null;
  /** Who wrote what is judged: an exam taker, a contestant. */
  taker: string | null;
  /** In which order the answers were shown. */
  order: string | null;
  /** What was done to the item before it was judged, such as a perturbation. */
  variant: string | null;
  /** null: the verdict could not be read. */
  verdict: VerdictValue | null;
  /** null: not labelled. */
  label: VerdictValue | null;
}

/** The columns that hold a name, not a value. */
export const NAME_COLUMNS = ['item', 'group', 'judge', 'taker', 'order', 'variant'] as const;

export type NameColumn = (typeof NAME_COLUMNS)[number];

export const VALUE_COLUMNS = ['verdict', 'label'] as const;

export type ValueColumn = (typeof VALUE_COLUMNS)[number];
