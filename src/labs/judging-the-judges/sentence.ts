import { formatCount, formatShare } from '../../harness/format.ts';
import { formatWithInterval } from '../../harness/report-text.ts';
import type { AgreementMeasure } from '../../evaluate/judge-agreement.ts';
import type { JudgingTheJudges, Range } from './measure.ts';

/** A judge that agrees less than the one of highest κ, and ranks as well or better. */
interface Outranked {
  better: string;
  as: 'better' | 'as well';
  /** The intervals are apart, which is stricter than a test of the differences. */
  shown: boolean;
}

/** How far the first judge agrees, how lenient it is, and whether one that agrees less ranks as well or better. */
export function sentenceOf(result: JudgingTheJudges): string {
  const [first] = Object.keys(result.judges);
  const best = bestByKappa(result);
  if (first === undefined || best === null)
    return 'Nothing is shown: 0 judges have answers of both kinds, so that no agreement can be set against chance.';
  return [firstWords(result, first), bestWords(result, best), rankingWords(result, best)].join(' ');
}

function bestByKappa({ judges }: JudgingTheJudges): string | null {
  const known = Object.entries(judges).filter(([, { kappa }]) => kappa !== null);
  return known.toSorted(([, a], [, b]) => b.kappa! - a.kappa!)[0]?.[0] ?? null;
}

function firstWords(result: JudgingTheJudges, judge: string): string {
  const { items, agreement, falsePass, falseFail } = result.judges[judge]!;
  return (
    `“${judge}” agrees with the truth on ${formatShare(agreement)} of ${formatCount(items)} answers, κ ${measured(result, judge, 'kappa')}; ` +
    `it passes ${formatShare(falsePass)} of the wrong ones and fails ${formatShare(falseFail)} of the right ones.`
  );
}

function bestWords(result: JudgingTheJudges, best: string): string {
  const { length } = Object.keys(result.judges);
  return length === 1
    ? ''
    : `Of ${length} judges “${best}” has the highest κ, ${measured(result, best, 'kappa')}.`;
}

function rankingWords(result: JudgingTheJudges, best: string): string {
  if (result.judges[best]!.rankCorrelation === null)
    return 'How well it ranks exam takers cannot be said: there are too few.';
  const own = `It ranks the ${result.takers.length} exam takers with ρ ${measured(result, best, 'rankCorrelation')}`;
  const found = outranked(result, best);
  if (!found) return `${own}; no judge that agrees less ranks them as well.`;
  const { better, as, shown } = found;
  const other = `“${better}”, with a κ of only ${measured(result, better, 'kappa')}, ranks them ${as} (ρ ${measured(result, better, 'rankCorrelation')})`;
  if (result.intervals === null) return `${own}; ${other}. These are counts without intervals.`;
  return `${own}; ${other}${shown ? '.' : ', but the intervals overlap: that it would do so again is not shown.'}`;
}

/** Of the judges that rank no worse than the one of highest κ, the one of lowest κ; better before as well. */
function outranked({ judges, intervals }: JudgingTheJudges, best: string): Outranked | null {
  const { kappa, rankCorrelation } = judges[best]!;
  const less = Object.entries(judges).filter(([, own]) => own.kappa !== null && own.kappa < kappa!);
  const ranking = (as: Outranked['as']) =>
    less
      .filter(
        ([, own]) =>
          own.rankCorrelation !== null &&
          Math.sign(own.rankCorrelation - rankCorrelation!) === (as === 'better' ? 1 : 0),
      ) // prettier-ignore
      .toSorted(([, a], [, b]) => a.kappa! - b.kappa!)[0]?.[0];
  for (const as of ['better', 'as well'] as const) {
    const better = ranking(as);
    if (better === undefined) continue;
    const [low, high] = [intervals?.[better], intervals?.[best]];
    const agreesLess = isBelow(low?.kappa, high?.kappa);
    const shown = agreesLess && (as === 'as well' || isBelow(high?.rankCorrelation, low?.rankCorrelation));
    return { better, as, shown };
  }
  return null;
}

const isBelow = (lower: Range | null | undefined, upper: Range | null | undefined) =>
  Boolean(lower && upper && lower.high < upper.low);

function measured({ judges, intervals }: JudgingTheJudges, judge: string, measure: AgreementMeasure): string {
  return formatWithInterval({ value: judges[judge]![measure], ...intervals?.[judge]?.[measure] }, 'decimal3');
}
