import { failure } from '../reading.ts';
import type { Reading } from '../protocol.ts';
import type { ItemContent } from '../item-id.ts';

/** Two judgments of one answer; which is better? */
export interface MetaQuestion {
  item: ItemContent;
  /** Complete judgments, rationale and score, in the order in which they are shown. */
  judgments: [string, string];
}

/** The meta-judge: reads an item and two judgments of it, gives a short reason, then names the better one. */
export const nanoMeta = {
  id: 'nano-meta',
  mode: 'meta' as const,
  render: ({ item, judgments }: MetaQuestion) =>
    `### Instruction\n${item.instruction}\n### Response\n${item.response}\n### Criterion\n${item.criterion}\n` +
    `### Judgment 1\n${judgments[0]}\n### Judgment 2\n${judgments[1]}\n### Comparison\n`,
  target: (reason: string, better: 0 | 1) => `${reason} Better: ${better + 1}`,
  parse: readPreference,
};

const FINAL_PREFERENCE = /(?:^|\s)Better:\s*([12])\s*$/;

/** Reads `{reason} Better: {1 or 2}` at the end of generated text. Never throws. */
export function readPreference(text: string): Reading {
  const match = FINAL_PREFERENCE.exec(text);
  if (!match) return failure(text, 'it does not end with "Better: " and 1 or 2');
  const end = match.index + match[0].trimEnd().length;
  return {
    verdict: { kind: 'preference', preferred: match[1] === '1' ? 0 : 1 },
    rationale: [0, match.index],
    score: [end - 1, end],
  };
}
