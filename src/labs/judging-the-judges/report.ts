import type { AgreementMeasure, JudgeAgreement } from '../../evaluate/judge-agreement.ts';
import type { Block, BarsBlock, MatrixBlock, NumberFormat, ScatterBlock, TableBlock, WithInterval } from '../../harness/report.ts'; // prettier-ignore
import { judgeMark, scoreMark, takerMark } from './marks.ts';
import type { JudgingTheJudges } from './measure.ts';

/** The picture of the paper's point, takers' scores, and the measures as a table. */
export function reportOf(result: JudgingTheJudges): Block[] {
  const byTaker = result.takers.length > 0 ? [bars(result), differences(result)] : [];
  return [scatter(result), ...byTaker, table(result), ...otherPrompts(result)];
}

function scatter({ judges }: JudgingTheJudges): ScatterBlock {
  const points = Object.entries(judges).flatMap(([label, { kappa, rankCorrelation }]) =>
    kappa === null || rankCorrelation === null
      ? []
      : [{ label, x: kappa, y: rankCorrelation, opens: judgeMark(label) }],
  );
  return {
    kind: 'scatter',
    title: 'Does a judge that agrees more rank better?',
    x: { title: 'agreement beyond chance (κ)', format: 'decimal3' },
    y: { title: 'rank correlation of exam takers (ρ)', format: 'decimal3' },
    points,
  };
}

/** More bars a taker can no longer be told apart. */
const MOST_BARS = 5;

function bars({ judges, takers }: JudgingTheJudges): BarsBlock {
  const all = Object.keys(judges);
  const kappa = (judge: string) => judges[judge]!.kappa ?? -Infinity;
  const shown = all.length <= MOST_BARS ? all : all.toSorted((a, b) => kappa(b) - kappa(a)).slice(0, MOST_BARS); // prettier-ignore
  return {
    kind: 'bars',
    title: `Score of each exam taker: the truth, and as ${shown.length < all.length ? `the ${MOST_BARS} judges of highest κ have` : 'each judge has'} it`,
    format: 'share',
    series: ['truth', ...shown],
    groups: takers.map(({ taker, truth, judged }) => ({
      label: taker,
      bars: [
        { value: truth, opens: takerMark(taker) },
        ...shown.map((judge) => ({ value: judged[judge]!, opens: scoreMark(taker, judge) })),
      ],
    })),
  };
}

function differences({ judges, takers }: JudgingTheJudges): MatrixBlock {
  const names = Object.keys(judges);
  return {
    kind: 'matrix',
    title: 'Judged score less true score',
    rows: { title: 'judge', labels: names },
    columns: { title: 'exam taker', labels: takers.map(({ taker }) => taker) },
    format: 'points',
    cells: names.map((judge) =>
      takers.map(({ taker, truth, judged }) => {
        const score = judged[judge] ?? null;
        return score === null ? null : { value: score - truth, opens: scoreMark(taker, judge) };
      }),
    ),
  };
}

const COLUMNS: readonly { title: string; format: NumberFormat; measure: AgreementMeasure }[] = [
  { title: 'agreement', format: 'share', measure: 'agreement' },
  { title: 'Cohen’s κ', format: 'decimal3', measure: 'kappa' },
  { title: 'Scott’s π', format: 'decimal3', measure: 'pi' },
  { title: 'wrong, but passed', format: 'share', measure: 'falsePass' },
  { title: 'right, but failed', format: 'share', measure: 'falseFail' },
  { title: 'score difference', format: 'points', measure: 'scoreDifference' },
  { title: 'rank correlation ρ', format: 'decimal3', measure: 'rankCorrelation' },
];

function table({ judges, intervals, unread }: JudgingTheJudges): TableBlock {
  const cell = (judge: string, own: JudgeAgreement, measure: AgreementMeasure): WithInterval => {
    return { value: own[measure], ...intervals?.[judge]?.[measure] };
  };
  return {
    kind: 'table',
    title: 'Judges on the same answers',
    columns: [
      { title: 'judge' },
      ...COLUMNS,
      { title: 'answers', format: 'count' },
      { title: 'unreadable', format: 'count' },
    ],
    rows: Object.entries(judges).map(([judge, own]) => ({
      cells: [judge, ...COLUMNS.map(({ measure }) => cell(judge, own, measure)), own.items, unread[judge]!],
      opens: judgeMark(judge),
    })),
    note: intervals
      ? 'In brackets: 95 % intervals, by drawing items anew with all rows of an item together.'
      : 'Without intervals: these are counts, and which answers share a question is not in them. ρ is against the true scores over all answers, unreadable ones included.',
  };
}

function otherPrompts({ otherPrompts: judges }: JudgingTheJudges): TableBlock[] {
  if (!judges) return [];
  const columns = COLUMNS.filter(({ measure }) => measure !== 'rankCorrelation');
  return [
    {
      kind: 'table',
      title: 'The same judges with other prompts',
      columns: [{ title: 'judge' }, ...columns, { title: 'answers', format: 'count' }],
      rows: Object.entries(judges).map(([judge, own]) => ({
        cells: [judge, ...columns.map(({ measure }) => own[measure]), own.items],
      })),
      note: 'Eight exam takers pooled, so that nothing is known of their ranks.',
    },
  ];
}
