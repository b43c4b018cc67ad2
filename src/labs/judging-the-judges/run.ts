import { examQuestions, type ExamQuestion } from '../../data/micro/exam.ts';
import { examAnswers, ownAnswers } from '../../harness/graded-answers.ts';
import type { LabOutcome } from '../../harness/lab-run.ts';
import { passVerdicts, scriptedVerdicts } from '../../harness/pass-verdicts.ts';
import { exhibitsByMark, type SeenRow } from '../../harness/row-exhibits.ts';
import { inSlices, type Steps } from '../../judge/steps.ts';
import type { LabBench } from '../lab.ts';
import type { Settings } from './fields.ts';
import { marksOf } from './marks.ts';
import { judgeIntervals, measureJudges, type JudgingTheJudges } from './measure.ts';

/** Families whose right answer is one phrase, so that comparing it with the reference makes sense. */
export const FAMILIES = ['capitals', 'opposites', 'young animals', 'arithmetic'];

/** Lets the open judge sit the exam at several temperatures, and has all judges judge the same answers. */
export async function runLab(bench: LabBench, settings: Settings): Promise<LabOutcome<JudgingTheJudges>> {
  const answers = bench.items
    ? ownAnswers(bench.items, settings.questions)
    : await examAnswers(
        bench,
        takersOf(bench, settings),
        await inSlices(questionsOf(settings)),
        settings.seed,
      );
  const seen: SeenRow[] = [];
  for (const judge of bench.judges)
    seen.push(
      ...(await passVerdicts(bench, { stage: 'Judging the answers' }, judge, answers, settings.threshold)),
    );
  seen.push(...scriptedVerdicts(['contains', 'exact', 'coin'], answers, settings));
  const rows = seen.map(({ row }) => row);
  return {
    result: { ...measureJudges(rows), intervals: await inSlices(judgeIntervals(rows, settings.seed)) },
    exhibits: exhibitsByMark(seen, marksOf),
  };
}

function questionsOf({ seed, questions }: Settings): Steps<ExamQuestion[]> {
  return examQuestions('heldout', seed, questions, FAMILIES);
}

/** Equal temperatures make one taker. */
function takersOf({ judges }: LabBench, settings: Settings) {
  const { firstTemperature, secondTemperature, thirdTemperature } = settings;
  const temperatures = new Set([firstTemperature, secondTemperature, thirdTemperature]);
  const { policy } = judges[0]!;
  return [...temperatures].map((temperature) => ({
    name: `temperature ${temperature}`,
    policy,
    temperature,
  }));
}
