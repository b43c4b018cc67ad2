import { formatNumber, formatShare } from '../../harness/format.ts';
import { formatWithInterval } from '../../harness/report-text.ts';
import type { AgreementMeasure } from '../../evaluate/judge-agreement.ts';
import type { JudgingTheJudges, Range } from './measure.ts';

/** A judge that agrees less than another one, and ranks better. */
interface Outranked {
  better: string;
  worse: string;
  /** Both intervals of both measures are apart, which is stricter than a test of the differences. */
  shown: boolean;
}

/** Who agrees best, how lenient it is, and whether one that agrees less ranks better. */
export function sentenceOf(result: JudgingTheJudges): string {
  const best = bestByKappa(result);
  if (best === null)
    return 'Nothing is shown: 0 judges have answers of both kinds, so that no agreement can be set against chance.';
  return [agreementWords(result, best), lenienceWords(result, best), rankingWords(result, best)].join(' ');
}

function bestByKappa({ judges }: JudgingTheJudges): string | null {
  const known = Object.entries(judges).filter(([, { kappa }]) => kappa !== null);
  return known.toSorted(([, a], [, b]) => b.kappa! - a.kappa!)[0]?.[0] ?? null;
}

function agreementWords(result: JudgingTheJudges, best: string): string {
  const { items, agreement } = result.judges[best]!;
  const ties = Object.values(result.judges).filter(({ kappa }) => kappa === result.judges[best]!.kappa);
  const alone = ties.length === 1 ? 'agrees best with the truth' : 'agrees as well with the truth as any';
  return `On ${items} answers “${best}” ${alone}: ${formatShare(agreement)} of its verdicts, κ ${measured(result, best, 'kappa')}.`;
}

function lenienceWords({ judges }: JudgingTheJudges, best: string): string {
  const { falsePass, falseFail } = judges[best]!;
  return `It passes ${formatShare(falsePass)} of the wrong answers and fails ${formatShare(falseFail)} of the right ones.`;
}

function rankingWords(result: JudgingTheJudges, best: string): string {
  const { rankCorrelation } = result.judges[best]!;
  const takers = result.takers.length;
  if (rankCorrelation === null) return 'How well it ranks exam takers cannot be said: there are too few.';
  const found = outranked(result, best);
  const own = `It ranks the ${takers} exam takers with ρ ${measured(result, best, 'rankCorrelation')}`;
  if (!found) return `${own}; no judge that agrees less ranks them better.`;
  const other = `“${found.better}” with κ ${formatNumber(result.judges[found.better]!.kappa, 3)} ranks them better (ρ ${measured(result, found.better, 'rankCorrelation')})`;
  if (result.intervals === null) return `${own}; ${other}. These are counts without intervals.`;
  return `${own}; ${other}${found.shown ? '.' : ', but the intervals overlap: that it would do so again is not shown.'}`;
}

function outranked({ judges, intervals }: JudgingTheJudges, worse: string): Outranked | null {
  const { kappa, rankCorrelation } = judges[worse]!;
  const better = Object.entries(judges)
    .filter(
      ([, own]) => own.kappa !== null && own.kappa < kappa! && (own.rankCorrelation ?? -2) > rankCorrelation!,
    ) // prettier-ignore
    .toSorted(([, a], [, b]) => b.rankCorrelation! - a.rankCorrelation! || b.kappa! - a.kappa!)[0]?.[0];
  if (better === undefined) return null;
  const [low, high] = [intervals?.[better], intervals?.[worse]];
  const shown = below(low?.kappa, high?.kappa) && below(high?.rankCorrelation, low?.rankCorrelation);
  return { better, worse, shown };
}

const below = (lower: Range | null | undefined, upper: Range | null | undefined) =>
  Boolean(lower && upper && lower.high < upper.low);

function measured({ judges, intervals }: JudgingTheJudges, judge: string, measure: AgreementMeasure): string {
  return formatWithInterval({ value: judges[judge]![measure], ...intervals?.[judge]?.[measure] }, 'decimal3');
}
