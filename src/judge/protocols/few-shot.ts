/**
 * One answer for a pretrained model that was never taught to follow instructions: worked examples in plain text, which
 * it continues (`few-shot-pair.ts` for two answers).
 */
import type { Item, Score } from '../item.ts';
import { showsAnswerAlone, type PointProtocol } from '../protocol.ts';
import { readPrometheus } from './prometheus.ts';

const POINT_TASK =
  'Each entry has a question, an answer and what it is graded on. The feedback says in one sentence what is good or ' +
  'bad, then the result is a number from 1 (worst) to 5 (best).';

const POINT_EXAMPLES: readonly (Pick<Item, 'instruction' | 'response' | 'criterion'> & {
  feedback: string;
  score: Score;
})[] = [
  {
    instruction: 'Why is the sky blue?',
    response: 'Because air scatters blue light more than red light.',
    criterion: 'Is the answer right and clear?',
    feedback: 'The answer names the true cause in one clear sentence.',
    score: 5,
  },
  {
    instruction: 'How do I boil an egg?',
    response: 'Eggs come from hens.',
    criterion: 'Does the answer help the reader?',
    feedback: 'The answer says nothing about boiling, so that it does not help at all.',
    score: 1,
  },
  {
    instruction: 'Suggest a birthday present.',
    response: 'A book.',
    criterion: 'Is the answer helpful?',
    feedback: 'The suggestion is fitting, but gives neither a reason nor a second idea.',
    score: 3,
  },
];

const pointEntry = ({
  instruction,
  response,
  criterion,
}: Pick<Item, 'instruction' | 'response' | 'criterion'>) =>
  `Question: ${instruction}\nAnswer: ${response}\nGraded on: ${criterion.split('\n')[0]}\nFeedback:`;

const PARAGRAPH_END = '\n\n';

/** One answer, graded: the feedback first, then the score, with the markers of Prometheus. */
export const fewShotPoint: PointProtocol = {
  id: 'few-shot-point',
  mode: 'point',
  scoreCue: ' [RESULT] ',
  render: (item) => {
    const examples = POINT_EXAMPLES.map(
      (one) => `${pointEntry(one)} ${one.feedback} [RESULT] ${one.score}\n\n`,
    );
    return `${POINT_TASK}\n\n${examples.join('')}${pointEntry(item)}`;
  },
  shows: showsAnswerAlone,
  target: (rationale, score) => ` ${rationale} [RESULT] ${score}`,
  // The model goes on with an entry of its own: only its first paragraph is the judgment.
  ownEnd: PARAGRAPH_END,
  parse: (text) => readPrometheus(text.split(PARAGRAPH_END, 1)[0] ?? ''),
};
