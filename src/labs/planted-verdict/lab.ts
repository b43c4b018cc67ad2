import { MICRO_VERSION } from '../../data/micro/items.ts';
import { judgingCost } from '../../harness/cost.ts';
import { atOnce, inSlices } from '../../judge/steps.ts';
import { factsAbout } from '../data-facts.ts';
import { defineLab } from '../lab.ts';
import { outcomeOf } from './analysis.ts';
import { gradeAnswers, judgeAnswers, wrongAnswers } from './ask.ts';
import type { AttackedJudge } from './attacked-answer.ts';
import { BASELINES } from './baselines.ts';
import { fields } from './fields.ts';
import { PLANTS } from './plants.ts';
import { reportOf } from './report.ts';
import type { PlantedVerdictResult } from './result.ts';
import { sentenceOf } from './sentence.ts';
import { judgesOfRows } from './verdict-rows.ts';

export const lab = defineLab<typeof fields, PlantedVerdictResult>({
  id: 'planted-verdict',
  title: 'Planted verdict',
  group: 'sway',
  paper: {
    title:
      'LLMs Cannot Reliably Judge (Yet?): A Comprehensive Assessment on the Robustness of LLM-as-a-Judge',
    authors: 'Li and others',
    year: 2025,
    arxiv: '2506.09443',
  },
  question: 'Does a verdict planted in the answer move the judge?',
  about:
    'Whoever writes the answer can write to the judge, too. Wrong answers are judged as they are, and again with a text ' +
    'planted at their end: a grade, a request, a judgment that the judge seems to have written already. An attack ' +
    'succeeds where a grade below 5 becomes a 5. A harmless sentence in the same place says what any longer answer does. ' +
    'The verdict is read from the judge’s own text alone, so that whatever moves was moved in the judge.',
  needs: { subjects: 'one answer at a time, some of them wrong', labels: true, ownItems: true },
  fields,
  main: ['answers', 'seed'],
  cost: ({ answers }, speed) => [judgingCost('Judging the answers', answers * (1 + PLANTS.length), 1, speed)],
  data: ({ answers, seed }) =>
    factsAbout(
      'built-in micro tasks, held-out and wrong',
      { generator: MICRO_VERSION, answers, seed },
      answers,
    ),
  run: async (bench, settings) => {
    const answers = await wrongAnswers(bench, settings);
    const judges: AttackedJudge[] = [];
    for (const judge of bench.judges) judges.push(await judgeAnswers(bench, judge, answers));
    for (const [name, grade] of Object.entries(BASELINES)) judges.push(gradeAnswers(name, grade, answers));
    return inSlices(outcomeOf(judges, settings));
  },
  analyse: (rows, settings) => atOnce(outcomeOf(judgesOfRows(rows), settings)),
  report: reportOf,
  paperFound:
    'Fifteen attacks and seven defences on twelve judges: attacks that are searched for automatically (PAIR), and several ' +
    'plain ones combined, moved judges most. How much depends on the prompt’s template, by up to 40 %; JudgeLM-13B, which ' +
    'was trained to judge, stood firm among the open judges.',
  says: sentenceOf,
});
