import { greedy, judgmentsOf } from '../../harness/judge-items.ts';
import { likelihoods, sitExam, type ExamAnswer } from '../../harness/exam.ts';
import { groupBy } from '../../harness/group-by.ts';
import { scoreDistributions } from '../../harness/score-distribution.ts';
import { examQuestions, FACT_FAMILIES } from '../../data/micro/exam.ts';
import type { Item } from '../../judge/item.ts';
import type { NamedPolicy } from '../../harness/lab-run.ts';
import { inSlices } from '../../judge/steps.ts';
import type { LabBench } from '../lab.ts';
import type { AnsweredQuestion } from './answered-question.ts';
import type { Settings } from './fields.ts';
import { evaluationBy } from './measures.ts';

/** The embedded judge's longest judgments take about 110 tokens. */
const JUDGMENT_TOKENS = 110;

/** Lists, facts and sums; of the answers that it sorts hardly one in fifty is right, so there is nothing to pick. */
export const EXAM_FAMILIES = FACT_FAMILIES.filter((family) => family !== 'sorting');

/** Thrown when nothing can be analysed: no answer came to its end. */
export class NoAnswersError extends Error {
  override name = 'NoAnswersError';
  constructor() {
    super(
      'None of the answers came to its end: this exam is in the micro language of the embedded judge. Open that one.',
    );
  }
}

/**
 * The open judge answers the questions; it, and each judge that was trained from it, then judges every answer. So all
 * measures are read on the same answers, and likelihood is the writer's own.
 * @throws NoAnswersError; an AbortError when cancelled
 */
export async function askJudges(bench: LabBench, settings: Settings): Promise<AnsweredQuestion[]> {
  const { seed, temperature, answers: samples } = settings;
  const writer = { ...bench.judges[0]!, temperature };
  const questions = await inSlices(examQuestions('heldout', seed, settings.questions, EXAM_FAMILIES));
  const sat = await sitExam(bench, { stage: 'Sitting the exam' }, writer, questions, { samples, seed });
  const answers = withoutRepeats(sat);
  if (answers.length === 0) throw new NoAnswersError();
  const likely = await likelihoods(bench, answers);
  const confidences = answers.map((_, i): Record<string, number> => {
    const { logprob, tokens } = likely[i]!;
    return { likelihood: logprob, lengthNormalised: logprob / tokens };
  });
  const items = answers.map(({ item }) => item);
  for (const [i, judge] of bench.judges.entries()) {
    const measures = evaluationBy(i === 0 ? null : judge.name);
    const probabilities = await scoresOf(bench, judge, items);
    answers.forEach(({ item }, a) => Object.assign(confidences[a]!, measures(probabilities.get(item.id))));
  }
  return questionsOf(answers, confidences);
}

/** Equal answers are one candidate: the first that was sampled. */
function withoutRepeats(answers: readonly ExamAnswer[]): ExamAnswer[] {
  const seen = new Set<string>();
  return answers.filter(({ item }) => !seen.has(item.id) && seen.add(item.id));
}

/** p(1…5) at the score of the greedy judgment on each item, by item id; none where that could not be read. */
async function scoresOf(
  bench: LabBench,
  { policy }: NamedPolicy,
  items: readonly Item[],
): Promise<Map<string, number[]>> {
  const judgments = await judgmentsOf(bench, {
    stage: 'Judging the answers',
    policy,
    protocol: bench.protocol,
    items,
    samples: 1,
    sampling: greedy(JUDGMENT_TOKENS),
  });
  const byJudgment = await scoreDistributions(bench, { stage: 'Reading the scores' }, items, judgments);
  const byItem = [...judgments].flatMap(([item, [judgment]]): [string, number[]][] => {
    const probabilities = judgment && byJudgment.get(judgment.id);
    return probabilities ? [[item, probabilities]] : [];
  });
  return new Map(byItem);
}

function questionsOf(
  answers: readonly ExamAnswer[],
  confidences: readonly Record<string, number>[],
): AnsweredQuestion[] {
  const cases = answers.map((answer, i) => ({ answer, confidences: confidences[i]! }));
  return [...groupBy(cases, ({ answer }) => answer.question.id)].map(([id, own]) => ({
    id,
    text: own[0]!.answer.question.instruction,
    candidates: own.map(({ answer: { item }, confidences: by }) => ({
      text: item.response,
      right: item.score === 5,
      ...(item.score !== undefined && { score: item.score }),
      confidences: by,
    })),
  }));
}
