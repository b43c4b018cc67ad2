/** Judges' verdicts of right and wrong about answers whose truth is known, as rows of the verdict table. */
import type { Item, Score } from '../judge/item.ts';
import { SCRIPTED_GRADERS } from '../judge/scripted.ts';
import type { VerdictRow } from '../judge/verdict-table.ts';
import type { GradedAnswer } from './graded-answers.ts';
import type { Place } from './job.ts';
import { greedy, judgmentsOf } from './judge-items.ts';
import type { SeenRow } from './row-exhibits.ts';
import type { Workbench } from './workbench.ts';

/** As many tokens as a judgment of Self-Rationalization may have. */
const JUDGMENT_TOKENS = 110;

/**
 * What a judge says of each answer by its likeliest judgment, in the order of the answers. It passes what it scores
 * `threshold` or more; truly right is a 5 alone.
 */
export async function passVerdicts(
  bench: Workbench,
  place: Place,
  { name, policy }: { name: string; policy: string },
  answers: readonly GradedAnswer[],
  threshold: number,
): Promise<SeenRow[]> {
  const items = answers.map(({ item }) => item);
  const sampling = greedy(JUDGMENT_TOKENS);
  const request = { ...place, policy, protocol: bench.protocol, items, samples: 1, sampling };
  const judgments = await judgmentsOf<Item>(bench, request);
  return answers.map((answer) => {
    const judgment = judgments.get(answer.item.id)?.[0];
    const score = judgment?.verdict.kind === 'score' ? judgment.verdict.score : null;
    const texts = [...textsOf(answer), ['Judgment', judgment?.text ?? ''] as const];
    return { row: passRow(name, answer, score, threshold), texts };
  });
}

/** The same of scripted judges; one that needs a reference has no verdict where there is none. */
export function scriptedVerdicts(
  names: readonly (keyof typeof SCRIPTED_GRADERS)[],
  answers: readonly GradedAnswer[],
  { seed, threshold }: { seed: number; threshold: number },
): SeenRow[] {
  return names.flatMap((name) => {
    const grade = SCRIPTED_GRADERS[name](seed);
    return answers.map((answer) => ({
      row: passRow(name, answer, grade(answer.item), threshold),
      texts: textsOf(answer),
    }));
  });
}

function passRow(
  judge: string,
  { item, taker, question }: GradedAnswer,
  score: Score | null,
  threshold: number,
): VerdictRow {
  return {
    item: question,
    group: item.family ?? null,
    judge,
    taker,
    order: null,
    variant: null,
    verdict: score === null ? null : Number(score >= threshold),
    label: Number(item.score === 5),
  };
}

function textsOf({ item }: GradedAnswer): (readonly [name: string, text: string])[] {
  const { instruction, response, reference, rationale } = item;
  return [
    ['Question', instruction],
    ['Answer', response],
    ...(reference === undefined ? [] : [['Reference', reference] as const]),
    ...(rationale === undefined ? [] : [['Truth', rationale] as const]),
  ];
}
