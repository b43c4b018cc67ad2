import type { Comparison } from '../comparison.ts';
import type { Score } from '../item.ts';
import type { Asked, Reading, ScoreLineProtocol, Shown } from '../protocol.ts';
import { failure } from '../reading.ts';

const TASK =
  'Each entry has a question and two answers. The scores line grades both answers from 1 (useless) to 5 (excellent).';

type Asking = Pick<Comparison, 'instruction' | 'responses'>;

const EXAMPLES: readonly (Asking & { scores: readonly [Score, Score] })[] = [
  {
    instruction: 'Name the largest ocean.',
    responses: ['The Pacific Ocean is the largest.', 'Oceans are big.'],
    scores: [5, 2],
  },
  {
    instruction: 'Make this polite: Send me the file.',
    responses: ['Send the file now.', 'Could you please send me the file?'],
    scores: [1, 5],
  },
  {
    instruction: 'Give a word for "very cold".',
    responses: ['Freezing.', 'Icy.'],
    scores: [4, 4],
  },
];

/**
 * Two answers for a pretrained model that was never taught to follow instructions: it continues worked examples. The
 * prompt ends where the first score is to stand, in JudgeLM's order (arXiv 2310.17631): the scores come before any reason.
 * The model writes what it likes around them, so the verdict is better read from the probabilities of the score lines.
 */
export const fewShotPair: ScoreLineProtocol = {
  id: 'few-shot-pair',
  mode: 'pair',
  shows,
  render: (comparison, asked) => {
    const examples = EXAMPLES.map((one) => `${entry(one, [0, 1])}${scoreLine(...one.scores)}\n\n`);
    return `${TASK}\n\n${examples.join('')}${entry(comparison, shows(comparison, asked).order)}`;
  },
  scoreLine,
  parse: readScoreLine,
};

/** Worked examples have no place for a reference. */
function shows(_comparison: Asking, { order = [0, 1] }: Asked = {}): Shown {
  return { order: [...order], usedReference: false };
}

function entry({ instruction, responses }: Asking, order: readonly number[]): string {
  const [first, second] = order.map((place) => responses[place]!);
  return `Question: ${instruction}\nAnswer 1: ${first}\nAnswer 2: ${second}\nScores:`;
}

function scoreLine(first: Score, second: Score): string {
  return ` ${first} ${second}`;
}

const SCORE_LINE = /^ ?([1-5]) ([1-5])(?!\d)/;

/** Reads two scores from 1 to 5 at the very beginning of generated text; what follows them does not count. Never throws. */
function readScoreLine(text: string): Reading {
  const match = SCORE_LINE.exec(text);
  if (!match) return failure(text, 'it does not begin with two scores from 1 to 5');
  const end = match[0].length;
  return {
    verdict: { kind: 'scores', scores: [Number(match[1]), Number(match[2])] },
    rationale: [end, text.length],
    score: [end - 3, end],
  };
}
