import { formatShare } from '../../../harness/format.ts';
import type { Interval } from '../../../evaluate/resample.ts';
import type { RoundResults } from '../../../rationalize/round-results.ts';

/** What the round did to the judge, said no more strongly than its intervals allow. */
export function verdictSentence({ round, accuracy, difference, differenceFromRemap }: RoundResults): string {
  const share = formatShare(accuracy);
  if (side(difference) === 0)
    return `After round ${round} the judge is right on ${share} of the held-out items; whether that is better or worse than the seed judge, these items cannot tell.`;
  if (side(difference) < 0)
    return `After round ${round} the judge is worse than the seed judge: right on ${share} of the held-out items, ${points(difference)} points fewer.`;
  return `After round ${round} the judge is right on ${share} of the held-out items, ${points(difference)} points more than the seed judge, and ${beyondRemap(differenceFromRemap)}.`;
}

function beyondRemap(difference: Interval): string {
  if (side(difference) > 0) return `${points(difference)} points beyond mere recalibration`;
  if (side(difference) < 0)
    return `less than mere recalibration would have given (by ${points(difference)} points)`;
  return 'not clearly more than mere recalibration would have given';
}

/** On which side of zero the whole interval lies; 0 where it straddles it. */
function side({ low, high }: Interval): -1 | 0 | 1 {
  return low > 0 ? 1 : high < 0 ? -1 : 0;
}

function points({ mean }: Interval): string {
  return (Math.abs(mean) * 100).toFixed(1);
}
