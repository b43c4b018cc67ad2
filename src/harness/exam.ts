import { answeredItem, type ExamQuestion } from '../data/micro/exam.ts';
import type { Item } from '../judge/item.ts';
import { nanoAnswer } from '../judge/protocols/nano-answer.ts';
import { inSlices, mapped } from '../judge/steps.ts';
import type { Place } from './job.ts';
import { judgmentsOf } from './judge-items.ts';
import type { Workbench } from './workbench.ts';

/** Who sits an exam: a judge's own model, at a temperature. */
export interface ExamTaker {
  name: string;
  /** Hash of its policy. */
  policy: string;
  temperature: number;
}

/** One answer to one question, with its true score. */
export interface ExamAnswer {
  question: ExamQuestion;
  sample: number;
  /** Id of the record that holds its tokens. */
  judgmentId: string;
  item: Item;
}

/** An answer in the micro language takes at most 26 tokens; what is longer is cut and left out. */
const ANSWER_TOKENS = 40;

/**
 * Lets a judge answer questions itself, `samples` times each: its point prompt, cut where the response begins. The oracle
 * grades the answers. Answers that did not come to an end are left out, so that a question may have fewer.
 */
export async function sitExam(
  bench: Workbench,
  place: Place,
  taker: ExamTaker,
  questions: readonly ExamQuestion[],
  { samples, seed }: { samples: number; seed: number },
): Promise<ExamAnswer[]> {
  const { policy, temperature } = taker;
  const sampling = { temperature, topP: 1, maxTokens: ANSWER_TOKENS, seed, round: 0 };
  const request = { ...place, policy, protocol: nanoAnswer, items: questions, samples, sampling };
  const answers = await judgmentsOf<ExamQuestion>(bench, request);
  const graded = (question: ExamQuestion): ExamAnswer[] =>
    (answers.get(question.id) ?? []).flatMap(({ id, sample, verdict }) =>
      verdict.kind === 'answer'
        ? [{ question, sample, judgmentId: id, item: answeredItem(question, verdict.response) }]
        : [],
    );
  return (await inSlices(mapped(questions, graded))).flat();
}

/** How likely an answer was to its own writer. */
export interface Likelihood {
  /** Sum over its tokens up to the line break, in nats, of the untempered distribution. */
  logprob: number;
  tokens: number;
}

/** In the order of the answers. */
export async function likelihoods(
  { store, tokenizer }: Workbench,
  answers: readonly ExamAnswer[],
): Promise<Likelihood[]> {
  const stored = await store.tokens(answers.map(({ judgmentId }) => judgmentId));
  const likelihood = ({ ids, logprobs }: (typeof stored)[number]): Likelihood => {
    const broken = ids.findIndex((_, i) => tokenizer.decode(ids.subarray(0, i + 1)).includes('\n'));
    const tokens = broken < 0 ? ids.length : broken + 1;
    return { logprob: logprobs.subarray(0, tokens).reduce((sum, value) => sum + value, 0), tokens };
  };
  return inSlices(mapped(stored, likelihood));
}
