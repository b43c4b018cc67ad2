import { readJudgingTheJudges, type JudgingTheJudges } from '../../data/import/judging-the-judges.ts';
import { releasedRows } from '../../data/import/judging-the-judges-rows.ts';
import { inSlices, type Steps } from '../../judge/steps.ts';
import type { FieldValues } from '../../harness/fields.ts';
import type { LabOutcome } from '../../harness/lab-run.ts';
import type { Exhibit } from '../../harness/report.ts';
import { factsAbout } from '../data-facts.ts';
import type { ReleasedVerdicts } from '../lab.ts';
import type { Cell } from './cell.ts';
import { cellName, estimateCells, type ScalableEvaluation } from './cells.ts';

const PATH = 'judging-the-judges.json';
const SOURCE =
  'github.com/UMass-Meta-LLM-Eval/llm_eval, commit 7c0bf28, results/TriviaQA_Judges_w_HumanJudgement_V1.csv (arXiv ' +
  '2406.12624). The repository names no licence, so only counts ship. To see the answers, download the CSV and bring ' +
  'it as a table with the columns item, judge, taker, verdict and label.';

export const released: ReleasedVerdicts<ScalableEvaluation> = {
  name: 'Eleven judges on nine models’ answers to 400 TriviaQA questions, of which only some labels are used',
  source: SOURCE,
  open: async (read, settings) => inSlices(outcomeOf(readJudgingTheJudges(await read(PATH)), settings)),
  data: async (read) => {
    const counts = readJudgingTheJudges(await read(PATH));
    return factsAbout('released counts of Judging the Judges', counts, releasedRows(counts).length);
  },
};

/** The labelled part is drawn from the counts, which is the same as drawing it from the rows that they count. */
function* outcomeOf(counts: JudgingTheJudges, settings: FieldValues): Steps<LabOutcome<ScalableEvaluation>> {
  const drawn = { labels: Number(settings['labels']), seed: Number(settings['seed']) };
  const result = yield* estimateCells(releasedRows(counts), drawn);
  return { result, exhibits: Object.fromEntries(result.cells.map((cell) => [cellName(cell), exhibitOf(cell, counts)])) }; // prettier-ignore
}

function exhibitOf(cell: Cell, { firstFile: { judges } }: JudgingTheJudges): Exhibit[] {
  const { tp, fp, fn, tn, unread } = judges[cell.by]!.takers[cell.taker!]!;
  const facts = [
    ['Passed, and right', tp],
    ['Passed, but wrong', fp],
    ['Failed, but right', fn],
    ['Failed, and wrong', tn],
    ['Not readable', unread],
  ].map(([name, count]) => [String(name), String(count)] as const);
  return [{ title: cellName(cell), facts, texts: [['Where the answers are', SOURCE]] }];
}
