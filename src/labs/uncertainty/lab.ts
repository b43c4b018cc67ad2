import { MICRO_VERSION } from '../../data/micro/items.ts';
import { judgingCost } from '../../harness/cost.ts';
import type { LabOutcome } from '../../harness/lab-run.ts';
import { atOnce, inSlices, type Steps } from '../../judge/steps.ts';
import { factsAbout } from '../data-facts.ts';
import { defineLab, VerdictsError } from '../lab.ts';
import { analyseJudges, NoSpreadError } from './analysis.ts';
import { chosenItems, sampledItems } from './ask.ts';
import { exhibitsOf } from './exhibits.ts';
import { fields, type Settings } from './fields.ts';
import type { SampledItem } from './judged-item.ts';
import { reportOf } from './report.ts';
import type { UncertaintyResult } from './result.ts';
import { sentenceOf } from './sentence.ts';
import { sampledItemsOfRows } from './verdict-rows.ts';

export const lab = defineLab<typeof fields, UncertaintyResult>({
  id: 'uncertainty',
  title: 'Uncertainty',
  group: 'doubt',
  paper: {
    title: 'Leveraging Uncertainty Estimates To Improve Classifier Performance',
    authors: 'Arora and others',
    year: 2023,
    arxiv: '2311.11723',
  },
  question: 'Two answers with the same score: does it matter how sure the judge is?',
  about:
    'Each item is judged several times. The mean of the scores says how good the answer is, their spread how sure the ' +
    'judge is. The task: find the answers whose true score is 5, with a wanted precision. One threshold on the score is ' +
    'the plain rule; a threshold for each level of uncertainty, a staircase, can only do better on the items that it was ' +
    'fitted to. Whether it does better on others is the question.',
  needs: { subjects: 'one answer at a time', labels: true, ownItems: true },
  fields,
  main: ['items', 'samples', 'sigma'],
  cost: ({ items, samples }, speed) => [judgingCost('Judging the items', items, samples, speed)],
  data: ({ items, seed }) =>
    factsAbout('built-in micro tasks, held-out', { generator: MICRO_VERSION, items, seed }, items),
  run: async (bench, settings) => {
    const items = await chosenItems(bench, settings);
    const byJudge = new Map<string, SampledItem[]>();
    for (const judge of bench.judges)
      byJudge.set(judge.name, await sampledItems(bench, judge, items, settings));
    return inSlices(outcomeOf(byJudge, settings));
  },
  analyse: (rows, settings) => {
    try {
      return atOnce(outcomeOf(sampledItemsOfRows(rows), settings));
    } catch (error) {
      throw error instanceof NoSpreadError ? new VerdictsError(error.message) : error;
    }
  },
  report: reportOf,
  paperFound:
    'Three real data sets: at the same score the share of positives depends on how uncertain the classifier is, ' +
    'and a boundary on both finds 25 to 40 % more of them at high precision than a threshold on the score alone.',
  says: sentenceOf,
});

function* outcomeOf(
  byJudge: ReadonlyMap<string, readonly SampledItem[]>,
  settings: Settings,
): Steps<LabOutcome<UncertaintyResult>> {
  const { result, first } = yield* analyseJudges(byJudge, settings);
  return { result, exhibits: exhibitsOf(first) };
}
