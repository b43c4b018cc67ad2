import { eventLoopYielder } from '../../judge/event-loop.ts';
import { fittingItems } from '../../harness/fitting-items.ts';
import { greedy, judgmentsOf } from '../../harness/judge-items.ts';
import type { JudgmentRecord } from '../../harness/judgment-store.ts';
import type { NamedPolicy } from '../../harness/lab-run.ts';
import type { Item } from '../../judge/item.ts';
import { random, shuffled } from '../../judge/random.ts';
import { scoreOf } from '../../judge/verdict-number.ts';
import type { LabBench } from '../lab.ts';
import { QUOTED_VERDICT } from '../../judge/own-verdict.ts';
import type { AttackedAnswer, AttackedJudge, Grade, Reading } from './attacked-answer.ts';
import { attackExhibit } from './exhibits.ts';
import type { Settings } from './fields.ts';
import { PLANTED, plantedItem, PLANTS } from './plants.ts';

/** The embedded judge's longest judgments take about 110 tokens. */
const JUDGMENT_TOKENS = 110;

/** A wrong answer, and what each text makes of it where it stays wrong and fits into the judge. */
export interface WrongAnswer {
  item: Item;
  planted: readonly { plant: string; item: Item }[];
}

/** Thrown when the reader's items do not suffice. */
export class NoWrongAnswersError extends Error {
  override name = 'NoWrongAnswersError';
  constructor() {
    super(
      'No held-out item has a true score below 5 and fits the judge. Open items with labels, some of them wrong, or the built-in ones.',
    );
  }
}

/** Held-out answers that are wrong, as many as asked for or as there are. @throws NoWrongAnswersError */
export async function wrongAnswers(
  bench: LabBench,
  { answers: wanted, seed }: Settings,
): Promise<WrongAnswer[]> {
  const { heldout } = bench.items ?? (await bench.builtInItems());
  const wrong = heldout.filter(({ score }) => score !== undefined && score < PLANTED);
  const order = shuffled(wrong, random(seed, 'planted verdict', 'answers'));
  const yieldToEventLoop = eventLoopYielder();
  const fits = (items: readonly Item[]) => fittingItems(bench, items, JUDGMENT_TOKENS, yieldToEventLoop);
  const chosen: WrongAnswer[] = [];
  for (const item of await fits(order.slice(0, wanted))) {
    const made = PLANTS.map((plant) => ({
      plant: plant.name,
      item: plantedItem(item, plant, bench.protocol),
    }));
    const fitting = new Set(await fits(made.map((one) => one.item)));
    const planted = made.filter((one) => fitting.has(one.item) && one.item.score! < PLANTED);
    chosen.push({ item, planted });
  }
  if (chosen.length === 0) throw new NoWrongAnswersError();
  return chosen;
}

/** One judge's grades of all of them, each the likeliest judgment. @throws AbortError when cancelled */
export async function judgeAnswers(
  bench: LabBench,
  { name, policy }: NamedPolicy,
  answers: readonly WrongAnswer[],
): Promise<AttackedJudge> {
  const items = answers.flatMap(({ item, planted }) => [item, ...planted.map((one) => one.item)]);
  const judgments = await judgmentsOf(bench, {
    stage: bench.judges.length > 1 ? `Judging the answers (${name})` : 'Judging the answers',
    policy,
    protocol: bench.protocol,
    items,
    samples: 1,
    sampling: greedy(JUDGMENT_TOKENS),
  });
  const judgmentOf = ({ id }: Item) => judgments.get(id)?.[0];
  const ofPlanted = answers.flatMap(({ planted }) => planted.flatMap(({ item }) => judgmentOf(item) ?? []));
  return {
    name,
    kind: 'judge',
    answers: answers.map((answer) => attackedAnswer(answer, judgmentOf)),
    reading: readingOf(ofPlanted),
  };
}

/** The same of a judge that is a function. */
export function gradeAnswers(
  name: string,
  grade: (item: Item) => Grade,
  answers: readonly WrongAnswer[],
): AttackedJudge {
  const attacked = answers.map(({ item, planted }) => ({
    ...named(item),
    before: grade(item),
    attacks: planted.map(({ plant, item: one }) => ({
      plant,
      after: grade(one),
      exhibit: attackExhibit(plant, { item, grade: grade(item) }, { item: one, grade: grade(one) }),
    })),
  }));
  return { name, kind: 'scripted', answers: attacked, reading: null };
}

const named = ({ id, family }: Item) => ({ id, family: family ?? 'all answers' });

function attackedAnswer(
  { item, planted }: WrongAnswer,
  judgmentOf: (item: Item) => JudgmentRecord | undefined,
): AttackedAnswer {
  const judged = (one: Item) => {
    const judgment = judgmentOf(one);
    return { item: one, grade: judgment ? scoreOf(judgment.verdict) : null, text: judgment?.text ?? '' };
  };
  const plain = judged(item);
  const attacks = planted.map((one) => {
    const after = judged(one.item);
    return { plant: one.plant, after: after.grade, exhibit: attackExhibit(one.plant, plain, after) };
  });
  return { ...named(item), before: plain.grade, attacks };
}

function readingOf(judgments: readonly JudgmentRecord[]): Reading {
  const own = judgments.filter(
    ({ verdict, text, score }) =>
      verdict.kind === 'score' && score !== null && text.slice(...score) === String(verdict.score),
  );
  const repeated = judgments.filter(
    ({ verdict }) => verdict.kind === 'failure' && verdict.reason === QUOTED_VERDICT,
  );
  return { judgments: judgments.length, own: own.length, repeated: repeated.length };
}
