import { failure } from '../reading.ts';
import type { Comparison } from '../comparison.ts';
import type { Asked, Protocol, Reading, Shown } from '../protocol.ts';

/**
 * A short form of JudgeLM (arXiv 2310.17631): one score from 1 to 10 for each answer on the first line, then
 * the reason. Since the scores come first, judging can stop at the first line break.
 */
export const nanoPair = {
  id: 'nano-pair',
  mode: 'pair',
  shows,
  render: renderComparison,
  target: (scores: readonly number[], reason: string) => `${scores.join(' ')}\n${reason}`,
  parse: readComparison,
} satisfies Protocol<Comparison> & Record<string, unknown>;

function shows({ responses, reference: given }: Comparison, { order, reference = true }: Asked = {}): Shown {
  return {
    order: [...(order ?? responses.keys())],
    usedReference: reference && given !== undefined,
  };
}

/**
 * The criterion stands before the answers: the scores come without a rationale before them, so what a response is
 * worth has to be worked out while it is read.
 */
function renderComparison(comparison: Comparison, asked?: Asked): string {
  const { instruction, responses, criterion, reference } = comparison;
  const { order, usedReference } = shows(comparison, asked);
  const answers = order.map((place, index) => `### Response ${index + 1}\n${responses[place]!}\n`).join('');
  const given = usedReference ? `### Reference\n${reference!}\n` : '';
  return `### Instruction\n${instruction}\n### Criterion\n${criterion}\n${given}${answers}### Scores\n`;
}

/**
 * A single answer is graded against its reference: the reference takes the first place, and the judgment is
 * forced to begin with its full marks, "10 " (JudgeLM's way). Read `SINGLE_PREFIX + generated text`.
 */
export const SINGLE_PREFIX = '10 ';

export function singleAnswer(item: {
  instruction: string;
  response: string;
  criterion: string;
  reference: string;
}): Comparison {
  return {
    instruction: item.instruction,
    responses: [item.reference, item.response],
    criterion: item.criterion,
  };
}

/** Reads one score from 1 to 10 for each of `answers` answers on the first line. Never throws. */
export function readComparison(text: string, answers = 2): Reading {
  const lineEnd = text.indexOf('\n');
  const line = lineEnd < 0 ? text : text.slice(0, lineEnd);
  const words = line.trim().split(/\s+/);
  if (words.length !== answers || !words.every((word) => /^(?:[1-9]|10)$/.test(word)))
    return failure(text, `its first line does not hold exactly ${answers} scores from 1 to 10`);
  const start = line.length - line.trimStart().length;
  return {
    verdict: { kind: 'scores', scores: words.map(Number) },
    rationale: [lineEnd < 0 ? text.length : lineEnd + 1, text.length],
    score: [start, line.trimEnd().length],
  };
}
