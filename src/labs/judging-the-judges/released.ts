import { chanceAgreement } from '../../evaluate/chance-agreement.ts';
import {
  readJudgingTheJudges,
  type JudgingTheJudges as Released,
} from '../../data/import/judging-the-judges.ts';
import type { LabOutcome } from '../../harness/lab-run.ts';
import type { Exhibit } from '../../harness/report.ts';
import { factsAbout } from '../data-facts.ts';
import type { ReleasedVerdicts } from '../lab.ts';
import { judgeMark, scoreMark, takerMark } from './marks.ts';
import { measureJudges, type JudgingTheJudges } from './measure.ts';
import { releasedRows } from '../../data/import/judging-the-judges-rows.ts';

const PATH = 'judging-the-judges.json';
const SOURCE =
  'github.com/UMass-Meta-LLM-Eval/llm_eval, commit 7c0bf28, results/TriviaQA_Judges_w_HumanJudgement_V1.csv and _V2.csv ' +
  '(arXiv 2406.12624). The repository names no licence, so only counts ship. To see the answers, download the CSV and ' +
  'bring it as a table with the columns item, judge, taker, verdict and label.';

export const released: ReleasedVerdicts<JudgingTheJudges> = {
  name: 'Eleven judges on nine exam takers, 400 TriviaQA questions each, against human verdicts',
  source: SOURCE,
  open: async (read) => outcomeOf(readJudgingTheJudges(await read(PATH))),
  data: async (read) => {
    const counts = readJudgingTheJudges(await read(PATH));
    return factsAbout('released counts of Judging the Judges', counts, releasedRows(counts).length);
  },
};

function outcomeOf(counts: Released): LabOutcome<JudgingTheJudges> {
  const { firstFile, secondFile } = counts;
  // Some judges left rows unread; a taker's true score is over all of its rows.
  const truth = new Map(Object.entries(firstFile.takers).map(([taker, { right, items }]) => [taker, right / items])); // prettier-ignore
  const pooled = Object.entries(secondFile.judges);
  const result: JudgingTheJudges = {
    ...measureJudges(releasedRows(counts), truth),
    intervals: null,
    otherPrompts: Object.fromEntries(pooled.map(([judge, own]) => [judge, { ...chanceAgreement(own), rankCorrelation: null }])), // prettier-ignore
  };
  return { result, exhibits: exhibitsOf(counts) };
}

/** Counts ship without their rows: behind every mark stand the counts, and where to find the rows. */
function exhibitsOf({ firstFile: { takers, judges } }: Released): Record<string, Exhibit[]> {
  const exhibit = (title: string, facts: Exhibit['facts']): Exhibit[] => [
    { title, facts, texts: [['Where the answers are', SOURCE]] },
  ];
  const ofJudges = Object.entries(judges).flatMap(([judge, own]) => [
    [judgeMark(judge), exhibit(judge, [['Kind', own.kind]])] as const,
    ...Object.entries(own.takers).map(([taker, cell]) => {
      const facts = Object.entries(cell).map(
        ([name, count]) => [COUNTS[name] ?? name, String(count)] as const,
      );
      return [scoreMark(taker, judge), exhibit(`${judge} on ${taker}`, facts)] as const;
    }),
  ]);
  const ofTakers = Object.entries(takers).map(([taker, { right, items }]) => {
    return [takerMark(taker), exhibit(taker, [['Right', `${right} of ${items}`]])] as const;
  });
  return Object.fromEntries([...ofJudges, ...ofTakers]);
}

const COUNTS: Readonly<Record<string, string>> = {
  tp: 'Passed, and right',
  fp: 'Passed, but wrong',
  fn: 'Failed, but right',
  tn: 'Failed, and wrong',
  unread: 'Not readable',
};
