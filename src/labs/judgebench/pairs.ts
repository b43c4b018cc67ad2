import { examQuestions } from '../../data/micro/exam.ts';
import { rightWrongPairs, type RightWrongPair } from '../../data/micro/right-wrong-pairs.ts';
import { sitExam } from '../../harness/exam.ts';
import type { Item } from '../../judge/item.ts';
import { inSlices } from '../../judge/steps.ts';
import type { LabBench } from '../lab.ts';
import type { JudgeBenchSettings } from './fields.ts';

/** Thrown where there is not a single pair of a right and a wrong answer. */
export class NoPairsError extends Error {
  override name = 'NoPairsError';
}

/**
 * One solver's right and wrong answers in pairs: the open judge's own answers to an exam, or the reader's held-out items
 * where several answer one instruction.
 * @throws NoPairsError
 */
export async function pairsOf(bench: LabBench, settings: JudgeBenchSettings): Promise<RightWrongPair[]> {
  const pairs = rightWrongPairs(await answersOf(bench, settings), settings.seed);
  if (pairs.length > 0) return pairs;
  throw new NoPairsError(
    'No question has both a right answer (5) and a wrong one (3 or less). Ask more questions or draw more answers; of ' +
      'own items, several with labels must answer the same instruction under the same criterion.',
  );
}

async function answersOf(bench: LabBench, settings: JudgeBenchSettings): Promise<readonly Item[]> {
  if (bench.items) return bench.items.heldout;
  const { seed, questions, samples, temperature } = settings;
  const [solver] = bench.judges;
  const answers = await sitExam(
    bench,
    { stage: 'Sitting the exam' },
    { ...solver!, temperature },
    await inSlices(examQuestions('heldout', seed, questions)),
    { samples, seed },
  );
  return answers.map(({ item }) => item);
}
