import type { Item } from '../../judge/item.ts';
import type { Judgment } from '../../judge/judgment.ts';
import { scoreOf } from '../../judge/verdict-number.ts';

type Sampled = Pick<Judgment, 'text' | 'finished' | 'verdict'>;

/**
 * Correct-answer curation (Self-Rationalization, arXiv 2410.05495): chosen is a judgment whose score equals the
 * label, rejected one whose score is off by at least the margin. The paper does not define its margin; ours is
 * |rejected − label| ≥ m. Judgments that were cut are never chosen, for nobody saw how they would have ended;
 * identical texts count once.
 */
export function correctAnswer<J extends Sampled>(
  item: Pick<Item, 'score'>,
  judgments: readonly J[],
  { margin }: { margin: number },
): { pairs: [chosen: J, rejected: J][]; reason: string } {
  const label = item.score;
  if (label === undefined) return { pairs: [], reason: 'None: this item has no label.' };
  const distinct = distinctTexts(judgments);
  const chosen = distinct.filter((one) => one.finished && scoreOf(one.verdict) === label);
  const rejected = distinct.filter(({ verdict }) => {
    const score = scoreOf(verdict);
    return score !== null && Math.abs(score - label) >= margin;
  });
  const pairs = chosen.flatMap((good) => rejected.map((bad): [J, J] => [good, bad]));
  return { pairs, reason: reasonFor(judgments, chosen.length, rejected.length, label, margin) };
}

function reasonFor(
  judgments: readonly Sampled[],
  chosen: number,
  rejected: number,
  label: number,
  margin: number,
) {
  const off = margin === 1 ? 'missed it' : `missed it by ${margin} or more`;
  if (chosen > 0 && rejected > 0)
    return `${chosen} of its judgments gave the true score ${label}, ${rejected} ${off}.`;
  const scores = judgments.map(({ verdict }) => scoreOf(verdict));
  if (scores.every((score) => score === null)) return 'None: no judgment could be read.';
  if (scores.every((score) => score === label))
    return `None: all gave the true score ${label}, nothing to reject.`;
  if (chosen === 0) return `None: no complete judgment gave the true score ${label}, nothing to choose.`;
  return `None: no judgment ${off} (the true score is ${label}), nothing to reject.`;
}

function distinctTexts<J extends Sampled>(judgments: readonly J[]): J[] {
  const byText = new Map<string, J>();
  // A complete judgment stands for its text before a cut one.
  for (const one of judgments) if (!byText.get(one.text)?.finished) byText.set(one.text, one);
  return [...byText.values()];
}
