import type { Spent } from '../../../src/harness/meter.ts';

/** Adds up what the pieces of one measurement cost. */
export function spending(): { spent: Spent; onSpent: (part: Spent) => Promise<void> } {
  const spent: Spent = { seconds: 0, tokens: 0 };
  const onSpent = async ({ seconds, tokens }: Spent) => {
    spent.seconds += seconds;
    spent.tokens += tokens;
  };
  return { spent, onSpent };
}
