import type { Split } from '../../judge/item.ts';
import type { MetaQuestion } from '../../judge/protocols/nano-meta.ts';
import { nanoPoint } from '../../judge/protocols/nano.ts';
import { rationaleOf, type GradedAnswer } from './family.ts';
import { drawMicro, toItem } from './items.ts';
import type { RandomStream } from './random.ts';

/** A right and a faulty judgment of one answer, and which is which. */
export interface GradedMeta {
  question: MetaQuestion;
  better: 0 | 1;
  /** The true last figures. */
  reason: string;
}

/** One question to the meta-judge, about a small item of `split`. */
export function drawMeta(random: RandomStream, split: Split): GradedMeta {
  const draft = drawMicro(random, split, 'small');
  const right = nanoPoint.target(rationaleOf(draft.answer), draft.answer.score);
  const faulty = faultyJudgment(draft.answer, random);
  const better = random.chance(0.5) ? 0 : 1;
  return {
    question: { item: toItem(draft), judgments: better === 0 ? [right, faulty] : [faulty, right] },
    better,
    reason: draft.answer.summary,
  };
}

/** A wrong score after the right rationale, or a wrong last figure with a wrong score. */
function faultyJudgment(answer: GradedAnswer, random: RandomStream): string {
  const wrong = random.pick([1, 2, 3, 4, 5].filter((score) => score !== answer.score));
  if (random.chance(0.5)) return nanoPoint.target(rationaleOf(answer), wrong);
  if (answer.slip) return nanoPoint.target(rationaleOf({ ...answer, ...answer.slip }), answer.slip.score);
  return nanoPoint.target(rationaleOf({ ...answer, summary: miscount(answer.summary) }), wrong);
}

/** The first figure of a summary, one too low, or 1 instead of 0. */
function miscount(summary: string): string {
  return summary.replace(/\d+/, (figure) => String(Math.abs(Number(figure) - 1)));
}
