import { examQuestions, type ExamQuestion } from '../../data/micro/exam.ts';
import { answerPair, type AnswerPair } from '../../harness/answer-pair.ts';
import { sitExam } from '../../harness/exam.ts';
import type { Item } from '../../judge/item.ts';
import { random } from '../../judge/random.ts';
import { inSlices } from '../../judge/steps.ts';
import type { LabBench } from '../lab.ts';

/** Two contestants' answers to one question; the first stands first. */
export interface ContestBattle extends AnswerPair {
  contestants: readonly [string, string];
  question: ExamQuestion;
}

/** At which the contestants write, the coolest first. */
const TEMPERATURES = [0, 0.7, 1.2, 1.8, 2.5];
export const MOST_CONTESTANTS = TEMPERATURES.length;

/** Thrown where the lab is to work on items that nobody can have a contest on. */
export class OwnItemsError extends Error {
  override name = 'OwnItemsError';
}

/**
 * The open judge answers an exam at several temperatures, once each, and every two different answers to a question meet.
 * Two answers of the same words would be a tie without any judge, so they do not.
 * @throws OwnItemsError
 */
export async function drawContest(
  bench: LabBench,
  { questions, contestants, seed }: { questions: number; contestants: number; seed: number },
): Promise<ContestBattle[]> {
  if (bench.items)
    throw new OwnItemsError(
      'This lab lets the judge answer an exam in the micro language and compares its answers; own items have no ' +
        'contestants. Run it on the built-in exam, or hand it votes as a file of verdicts.',
    );
  const exam = await inSlices(examQuestions('heldout', seed, questions));
  const answers = new Map<string, Map<string, Item>>();
  for (const temperature of TEMPERATURES.slice(0, contestants)) {
    const taker = { ...bench.judges[0]!, temperature };
    const given = await sitExam(bench, { stage: 'Sitting the exam' }, taker, exam, { samples: 1, seed });
    answers.set(
      `temperature ${temperature}`,
      new Map(given.map(({ question, item }) => [question.id, item])),
    );
  }
  return exam.flatMap((question) => battlesOn(question, answers, seed));
}

function battlesOn(
  question: ExamQuestion,
  answers: ReadonlyMap<string, ReadonlyMap<string, Item>>,
  seed: number,
): ContestBattle[] {
  const given = [...answers].flatMap(([name, own]) => {
    const item = own.get(question.id);
    return item ? [{ name, item }] : [];
  });
  const battles = given.flatMap((one, i) =>
    given.slice(i + 1).flatMap((other) => {
      if (one.item.id === other.item.id) return [];
      const stays = random(seed, 'sides', question.id, one.name, other.name)() < 0.5;
      return [stays ? ([one, other] as const) : ([other, one] as const)];
    }),
  );
  return battles.map(([a, b]) => ({
    ...answerPair([a.item, b.item]),
    contestants: [a.name, b.name],
    question,
  }));
}
