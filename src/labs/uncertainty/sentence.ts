import { formatShare } from '../../harness/format.ts';
import { formatWithInterval } from '../../harness/report-text.ts';
import type { Settings } from './fields.ts';
import type { Bounds, UncertaintyResult } from './result.ts';

/** Whether a look at the spread found more, and whether the spread tells anything, no more strongly than shown. */
export function sentenceOf(result: UncertaintyResult, settings: Settings): string {
  return `${gainSentence(result, settings)} ${spreadSentence(result)}`;
}

function gainSentence(
  { gain, overSplits, items, intervals }: UncertaintyResult,
  { sigma }: Settings,
): string {
  const bounds = intervals.gain;
  if (!gain || !bounds)
    return `Nothing can be said: hardly a half of the ${items} items holds a positive one.`;
  const verdict =
    bounds.low > 0
      ? 'Looking at uncertainty finds more'
      : bounds.high < 0
        ? 'Looking at uncertainty finds less'
        : 'Nothing is shown to be gained by looking at uncertainty';
  const { dp, scoreOnly } = overSplits;
  return `${verdict}: at a wanted precision of ${sigma}, the best staircase finds ${formatShare(dp.recall)} of the positive items and the score alone ${formatShare(scoreOnly.recall)}, ${formatWithInterval({ value: gain.recall, ...bounds }, 'points')} points over ${gain.splits} random halves of ${items} items, each fitted on one half and tested on the other, where the precision is ${formatShare(dp.precision)} and ${formatShare(scoreOnly.precision)}.`;
}

function spreadSentence({ nearTop, agreeing, spread, intervals }: UncertaintyResult): string {
  if (agreeing.positivity === null || spread.positivity === null)
    return `Too few items have a mean of ${nearTop} or more to compare the sure with the unsure.`;
  const shares = `of the items with a mean of ${nearTop} or more, ${formatShare(agreeing.positivity)} are positive where all samples agree (${agreeing.items}) and ${formatShare(spread.positivity)} where they do not (${spread.items})`;
  return `${spreadVerdict(intervals.agreeingLessSpread)}: ${shares}, a difference of ${formatWithInterval({ value: agreeing.positivity - spread.positivity, ...intervals.agreeingLessSpread }, 'points')} points.`;
}

function spreadVerdict(bounds: Bounds): string {
  if (!bounds || (bounds.low <= 0 && bounds.high >= 0))
    return 'Nor is the spread shown to tell items of nearly the same score apart';
  return bounds.low > 0
    ? 'At nearly the same score the sure verdicts are the better ones'
    : 'At nearly the same score the sure verdicts are the worse ones';
}
