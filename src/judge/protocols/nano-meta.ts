import { failure } from '../reading.ts';
import type { Asked, Protocol, Reading, Shown } from '../protocol.ts';
import type { ItemContent } from '../item-id.ts';

/** Two judgments of one answer; which is better? */
export interface MetaQuestion {
  item: ItemContent;
  /** Complete judgments, rationale and score, in the order in which they are shown. */
  judgments: [string, string];
}

const shows = (_question: MetaQuestion, { order = [0, 1] }: Asked = {}): Shown => ({
  order: [...order],
  usedReference: false,
});

/** The meta-judge: reads an item and two judgments of it, gives a short reason, then names the better one as shown. */
export const nanoMeta = {
  id: 'nano-meta',
  mode: 'meta',
  shows,
  render: (question: MetaQuestion, asked?: Asked) => {
    const { item, judgments } = question;
    const [first, second] = shows(question, asked).order.map((place) => judgments[place]!);
    return (
      `### Instruction\n${item.instruction}\n### Response\n${item.response}\n### Criterion\n${item.criterion}\n` +
      `### Judgment 1\n${first}\n### Judgment 2\n${second}\n### Comparison\n`
    );
  },
  target: (reason: string, better: 0 | 1) => `${reason} Better: ${better + 1}`,
  parse: readPreference,
} satisfies Protocol<MetaQuestion> & Record<string, unknown>;

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
