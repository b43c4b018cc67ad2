import type { Comparison } from '../comparison.ts';
import type { Asked, Protocol, Reading, Shown } from '../protocol.ts';
import { failure } from '../reading.ts';

/**
 * Relative grading in the manner of Prometheus 2: feedback in words, then `[RESULT] A` or `[RESULT] B`. The section
 * headings and the output contract are Prometheus's (prometheus-eval, prompts.py); the wording is our own. There is no tie.
 */
export const prometheusRelative: Protocol<Comparison> = {
  id: 'prometheus-relative',
  mode: 'pair',
  asksInWords: true,
  shows,
  render: renderRelative,
  parse: readRelative,
};

function shows({ reference: given }: Comparison, { order = [0, 1], reference = true }: Asked = {}): Shown {
  return { order: [...order], usedReference: reference && given !== undefined };
}

function renderRelative(comparison: Comparison, asked?: Asked): string {
  const { instruction, responses, criterion, reference } = comparison;
  const { order, usedReference } = shows(comparison, asked);
  const [a, b] = order.map((place) => responses[place]!);
  const parts = [
    '###Task Description:',
    `Below are an instruction, two responses to it${usedReference ? ', a reference answer' : ''}, and a score rubric.`,
    '1. Write feedback that weighs the two responses against each other by the rubric and nothing else.',
    '2. Do not judge each response apart: say where they differ, and which of them the rubric favours.',
    '3. After the feedback, name the better response: A or B.',
    '4. Use this form: "(feedback) [RESULT] (A or B)".',
    '5. Write no other opening, closing or explanation.',
    '',
    `###Instruction:\n${instruction}\n`,
    `###Response A:\n${a}\n`,
    `###Response B:\n${b}\n`,
    ...(usedReference ? [`###Reference Answer:\n${reference}\n`] : []),
    `###Score Rubric:\n${criterion}\n`,
    '###Feedback: ',
  ];
  return parts.join('\n');
}

/**
 * A marker in any case, then the letter in optional brackets, at the end of the text. The letter is a capital, and a
 * marker without brackets needs its colon: "as a result a" is no verdict.
 */
const FINAL_CHOICE =
  /(?:\[(?:RESULT|Result|result)\]:?|(?:RESULT|Result|result):)[([\s]*(?:Response\s+)?([AB])[)\]]?[.\s]*$/;

/** Reads which of two responses is named the better, as shown. Never throws. */
export function readRelative(text: string): Reading {
  const match = FINAL_CHOICE.exec(text);
  if (!match) return failure(text, 'it does not end with "[RESULT]" and A or B');
  const letter = match[1]!;
  const start = match.index + match[0].lastIndexOf(letter);
  return {
    verdict: { kind: 'preference', preferred: letter === 'A' ? 0 : 1 },
    rationale: [0, text.slice(0, match.index).trimEnd().length],
    score: [start, start + 1],
  };
}
