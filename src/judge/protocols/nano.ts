import { showsAnswerAlone, type PointProtocol, type Reading } from '../protocol.ts';
import type { Score } from '../item.ts';
import { failure } from '../reading.ts';

/**
 * The embedded judge's own format: the rationale first, then the score, so that the score is conditioned on
 * the reasons (as in Self-Rationalization, arXiv 2410.05495).
 */
export const nanoPoint: PointProtocol = {
  id: 'nano-point',
  mode: 'point',
  scoreCue: ' Score:',
  render: ({ instruction, response, criterion }) =>
    `### Instruction\n${instruction}\n### Response\n${response}\n### Criterion\n${criterion}\n### Judgment\n`,
  target: (rationale, score) => `${rationale} Score: ${score}`,
  shows: showsAnswerAlone,
  parse: readNanoPoint,
};

/** Only the last words count: a rationale may quote "Score: 2" on its way to its own. */
const FINAL_SCORE = /(?:^|\s)Score:\s*(\d+)\s*$/;

/** Reads `{rationale} Score: {1…5}` at the end of generated text. Never throws. */
export function readNanoPoint(text: string): Reading {
  const match = FINAL_SCORE.exec(text);
  if (!match) return failure(text, 'it does not end with "Score: " and a number');
  const digits = match[1]!;
  if (!/^[1-5]$/.test(digits)) return failure(text, `its score ${digits} is not between 1 and 5`);
  const end = match.index + match[0].trimEnd().length;
  return {
    verdict: { kind: 'score', score: Number(digits) as Score },
    rationale: [0, match.index],
    score: [end - 1, end],
  };
}
