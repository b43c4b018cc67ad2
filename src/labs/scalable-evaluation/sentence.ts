import { formatNumber, formatShare } from '../../harness/format.ts';
import { formatWithInterval } from '../../harness/report-text.ts';
import type { ScalableEvaluation } from './cells.ts';
import { cellName } from './cells.ts';
import { flipsByJudge } from './flips.ts';

/** The estimates of the first judge and model, what its verdicts are worth, and what they do to rankings. */
export function sentenceOf(result: ScalableEvaluation): string {
  return [estimateWords(result), biasWords(result), worthWords(result), flipWords(result)]
    .filter(Boolean)
    .join(' ');
}

function estimateWords(result: ScalableEvaluation): string {
  const { labelled, unlabelled, tunedPpi, labels, intervals } = result;
  const tuned = formatWithInterval({ value: tunedPpi, ...intervals.tunedPpi }, 'share');
  const alone = formatWithInterval({ value: labels, ...intervals.labels }, 'share');
  return `${cellName(result)}: ${labelled} labels and ${unlabelled} verdicts put the score at ${tuned}, the labels alone at ${alone}.`;
}

function biasWords({ judge, truth, intervals }: ScalableEvaluation): string {
  const alone = formatWithInterval({ value: judge, ...intervals.judge }, 'share');
  if (truth === null) return `The judge alone says ${alone}; the truth is not known.`;
  const { low, high } = intervals.judge;
  const holds = low <= truth && truth <= high ? 'whose interval holds' : 'whose interval misses';
  return `The judge alone says ${alone}, ${holds} the truth, ${formatShare(truth)}.`;
}

function worthWords({ factor, intervals, labelled, lambda }: ScalableEvaluation): string {
  if (lambda === null) return 'It says the same of every answer, which saves no label.';
  const range = intervals.factor;
  if (!range)
    return 'What its verdicts are worth cannot be said: judge or labels say the same of all labelled answers.';
  const value = formatWithInterval({ value: factor, ...range }, 'decimal2');
  const needed = `labels alone would have needed ${formatNumber(labelled * factor, 0)}`;
  if (range.low <= 1) return `That it saves labels is not shown: τ ${value}.`;
  const bound =
    range.low > 2 ? ' That is more than twice, as only a judge better than the model can do.' : '';
  return `Its verdicts make the labels count τ = ${value} times: ${needed}.${bound}`;
}

function flipWords({ cells }: ScalableEvaluation): string {
  const judges = flipsByJudge(cells);
  if (judges.length === 0) return '';
  const flips = judges.reduce((sum, one) => sum + one.flips.length, 0);
  const pairs = judges.reduce((sum, one) => sum + one.pairs, 0);
  const by = judges.length === 1 ? 'Judged alone' : `Over ${judges.length} judges, each alone`;
  return `${by}, ${flips} of ${pairs} pairs of models come out in the wrong order.`;
}
