import { formatNumber, formatShare } from '../../harness/format.ts';
import { formatWithInterval } from '../../harness/report-text.ts';
import { titleOf } from './measures.ts';
import type { Bounds, SelectiveResult } from './result.ts';

/** Whether the compared number knows better than the baseline when it is right, no more strongly than shown. */
export function sentenceOf(result: SelectiveResult): string {
  const { compared, baseline, questions, measures, ahead, intervals } = result;
  if (compared === null) return ofOne(result);
  const [ours, theirs] = [measures[compared]!, measures[baseline]!];
  const difference = ahead[compared]!;
  const bounds = intervals.ahead[compared]!;
  const auc = `Calibration-AUC ${formatNumber(ours.calibrationAuc)} against ${formatNumber(theirs.calibrationAuc)}, a difference of ${formatWithInterval({ value: difference.calibrationAuc, ...bounds.calibrationAuc }, 'decimal2')}`;
  const picks = `It picks right in ${formatShare(ours.accuracy)} against ${formatShare(theirs.accuracy)} (${formatWithInterval({ value: difference.accuracy, ...bounds.accuracy }, 'points')} points${holdsZero(bounds.accuracy) ? ', so nothing is shown about picking' : ''})`;
  return `${verdict(bounds.calibrationAuc, titleOf(compared), titleOf(baseline))}: ${auc}. ${picks}, on ${questions} questions; a random answer is right in ${formatShare(result.randomPick)}, and ${formatShare(result.atLeastOneRight)} have a right one among theirs.`;
}

const holdsZero = (bounds: Bounds) => !bounds || (bounds.low <= 0 && bounds.high >= 0);

function verdict(bounds: Bounds, compared: string, baseline: string): string {
  if (!bounds || holdsZero(bounds))
    return `Nothing is shown about which knows better when it is right, ${compared} or ${baseline}`;
  return bounds.low > 0
    ? `By ${compared}, the judge knows better when it is right than by ${baseline}`
    : `By ${compared}, the judge knows less well when it is right than by ${baseline}`;
}

function ofOne({ measures, baseline, intervals, questions }: SelectiveResult): string {
  const { accuracy, calibrationAuc } = measures[baseline]!;
  const bounds = intervals.measures[baseline]!.calibrationAuc;
  const auc = formatWithInterval({ value: calibrationAuc, ...bounds }, 'decimal2');
  const claim =
    bounds && bounds.low > 0.5
      ? 'knows more than chance about when it is right'
      : 'is not shown to know when it is right';
  return `${titleOf(baseline)} ${claim}: Calibration-AUC ${auc}, ${formatShare(accuracy)} right, on ${questions} questions.`;
}
