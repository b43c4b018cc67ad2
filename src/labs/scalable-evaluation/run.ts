import { examQuestions } from '../../data/micro/exam.ts';
import { examAnswers, ownAnswers } from '../../harness/graded-answers.ts';
import type { LabOutcome } from '../../harness/lab-run.ts';
import { passVerdicts, scriptedVerdicts } from '../../harness/pass-verdicts.ts';
import { exhibitsByMark, type SeenRow } from '../../harness/row-exhibits.ts';
import { atOnce, inSlices, type Steps } from '../../judge/steps.ts';
import type { VerdictRow } from '../../judge/verdict-table.ts';
import type { LabBench } from '../lab.ts';
import { cellName, estimateCells, type ScalableEvaluation } from './cells.ts';
import type { Settings } from './fields.ts';

/**
 * The open judge sits an exam at two temperatures, and its verdicts stand for most of the labels. Beside it one scripted
 * judge with a known bias, and one whose verdicts are worth no label.
 */
export async function runLab(bench: LabBench, settings: Settings): Promise<LabOutcome<ScalableEvaluation>> {
  const { seed, threshold } = settings;
  const answers = bench.items
    ? ownAnswers(bench.items, settings.answers)
    : await examAnswers(
        bench,
        modelsOf(bench, settings),
        await inSlices(examQuestions('heldout', seed, settings.answers)),
        seed,
      );
  const seen: SeenRow[] = [];
  for (const judge of bench.judges)
    seen.push(...(await passVerdicts(bench, { stage: 'Judging the answers' }, judge, answers, threshold)));
  seen.push(...scriptedVerdicts(['lenient', 'coin'], answers, settings));
  return inSlices(outcomeOf(seen, settings));
}

/** Analyses imported rows (see `estimateCells`). @throws VerdictsError in words */
export function analyseRows(
  rows: readonly VerdictRow[],
  settings: Pick<Settings, 'labels' | 'seed'>,
): LabOutcome<ScalableEvaluation> {
  return atOnce(outcomeOf(rows.map((row) => ({ row, texts: [] })), settings)); // prettier-ignore
}

function* outcomeOf(
  seen: readonly SeenRow[],
  settings: Pick<Settings, 'labels' | 'seed'>,
): Steps<LabOutcome<ScalableEvaluation>> {
  return {
    result: yield* estimateCells(seen.map(({ row }) => row), settings), // prettier-ignore
    exhibits: exhibitsByMark(seen, ({ judge, taker }) => [cellName({ by: judge ?? 'judge', taker })]),
  };
}

/** Equal temperatures make one model. */
function modelsOf({ judges }: LabBench, { firstTemperature, secondTemperature }: Settings) {
  const { policy } = judges[0]!;
  return [...new Set([firstTemperature, secondTemperature])].map((temperature) => ({
    name: `temperature ${temperature}`,
    policy,
    temperature,
  }));
}
