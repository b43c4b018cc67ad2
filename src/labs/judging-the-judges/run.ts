import { examQuestions, type ExamQuestion } from '../../data/micro/exam.ts';
import {
  examAnswers,
  greedyJudgments,
  ownAnswers,
  passRow,
  scoreOf,
  type GradedAnswer,
} from '../../harness/graded-answers.ts';
import type { LabOutcome } from '../../harness/lab-run.ts';
import type { SeenRow } from '../../harness/row-exhibits.ts';
import { SCRIPTED_GRADERS } from '../../judge/scripted.ts';
import type { LabBench, LabJudge } from '../lab.ts';
import type { Settings } from './fields.ts';
import { exhibitsBehind } from './marks.ts';
import { judgeIntervals, measureJudges, type JudgingTheJudges } from './measure.ts';

/** Families whose right answer is one phrase, so that comparing it with the reference makes sense. */
export const FAMILIES = ['capitals', 'opposites', 'young animals', 'arithmetic'];

export function questionsOf({ seed, questions }: Settings): ExamQuestion[] {
  return examQuestions('heldout', seed, questions, FAMILIES);
}

/** Lets the open judge sit the exam at several temperatures, and has all judges judge the same answers. */
export async function runLab(bench: LabBench, settings: Settings): Promise<LabOutcome<JudgingTheJudges>> {
  const answers = bench.items
    ? ownAnswers(bench.items, settings.questions)
    : await examAnswers(bench, { stage: 'Sitting the exam' }, takersOf(bench, settings), questionsOf(settings), settings.seed); // prettier-ignore
  const seen: SeenRow[] = [];
  for (const judge of bench.judges) seen.push(...(await judged(bench, judge, answers, settings)));
  seen.push(...scripted(answers, settings));
  const rows = seen.map(({ row }) => row);
  return {
    result: { ...measureJudges(rows), intervals: judgeIntervals(rows, settings.seed) },
    exhibits: exhibitsBehind(seen),
  };
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

async function judged(
  bench: LabBench,
  { name, policy }: LabJudge,
  answers: readonly GradedAnswer[],
  { threshold }: Settings,
): Promise<SeenRow[]> {
  const judgments = await greedyJudgments(bench, { stage: 'Judging the answers' }, policy, answers);
  return answers.map((answer) => {
    const judgment = judgments.get(answer.item.id);
    const row = passRow(name, answer, scoreOf(judgment), threshold);
    return { row, texts: [...textsOf(answer), ['Judgment', judgment?.text ?? '']] };
  });
}

/** Judges of a few lines; those that need a reference pass over answers without one. */
function scripted(answers: readonly GradedAnswer[], { seed, threshold }: Settings): SeenRow[] {
  return (['contains', 'exact', 'coin'] as const).flatMap((name) => {
    const grade = SCRIPTED_GRADERS[name](seed);
    return answers.map((answer) => ({
      row: passRow(name, answer, grade(answer.item), threshold),
      texts: textsOf(answer),
    }));
  });
}

function textsOf({ item }: GradedAnswer): (readonly [string, string])[] {
  const { instruction, response, reference, rationale } = item;
  return [
    ['Question', instruction],
    ['Answer', response],
    ...(reference === undefined ? [] : [['Reference', reference] as const]),
    ...(rationale === undefined ? [] : [['Truth', rationale] as const]),
  ];
}
