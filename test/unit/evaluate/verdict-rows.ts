import type { VerdictRow } from '../../../src/judge/verdict-table.ts';

/** A row of a verdict table that says nothing but what is given. */
export function verdictRow(given: Partial<VerdictRow>): VerdictRow {
  return {
    item: 'item',
    group: null,
    judge: null,
    taker: null,
    order: null,
    variant: null,
    verdict: null,
    label: null,
    ...given,
  };
}
