import type { Item, Score } from '../item.ts';
import type { Asked, PointProtocol, Reading, Shown } from '../protocol.ts';
import { failure } from '../reading.ts';

/**
 * Absolute grading in the manner of Prometheus 2: feedback in words, then `[RESULT] n`. The section headings
 * and the output contract are Prometheus's (prometheus-eval, prompts.py); the wording is our own. A criterion
 * may carry its five score lines; the text is passed on as it stands.
 */
export const prometheusAbsolute: PointProtocol = {
  id: 'prometheus-absolute',
  mode: 'point',
  asksInWords: true,
  scoreCue: ' [RESULT]',
  render: renderPrometheus,
  shows,
  target: (rationale, score) => `${rationale} [RESULT] ${score}`,
  parse: readPrometheus,
};

function shows(item: Item, { reference = true }: Asked = {}): Shown {
  return { order: [0], usedReference: reference && item.reference !== undefined };
}

function renderPrometheus(item: Item, asked?: Asked): string {
  const withReference = shows(item, asked).usedReference;
  const parts = [
    '###Task Description:',
    `Below are an instruction, a response to it${withReference ? ', a reference answer that deserves a 5' : ''}, and a score rubric.`,
    '1. Write feedback that weighs the response against the rubric and nothing else.',
    '2. After the feedback, give a whole number from 1 to 5, as the rubric defines it.',
    '3. Use this form: "(feedback) [RESULT] (a number from 1 to 5)".',
    '4. Write no other opening, closing or explanation.',
    '',
    `###The instruction to evaluate:\n${item.instruction}\n`,
    `###Response to evaluate:\n${item.response}\n`,
    ...(withReference ? [`###Reference Answer (Score 5):\n${item.reference}\n`] : []),
    `###Score Rubrics:\n[${item.criterion}]\n`,
    '###Feedback: ',
  ];
  return parts.join('\n');
}

/** The number in optional brackets, then an optional "/5" or "out of 5", all at the end of the text. */
const FINAL_NUMBER = /[([\s]*(\d+)[)\]]?(?:\s*\/\s*5|\s*out\s*of\s*5)?[)\]]?[.\s]*$/.source;

/** The marker that was asked for, and its synonym in prometheus-eval's parser, in any case. */
const BRACKETED = /\[(?:RESULT|SCORE)\]:?/i;
const BRACKETED_RESULT = new RegExp(BRACKETED.source + FINAL_NUMBER, 'i');

/**
 * What that parser accepts besides, "Score" and "Result" without brackets: only where they begin a sentence, since "the
 * maximum is Score: 5" and "this does not deserve a score of 5" decide nothing.
 */
const PLAIN_RESULT = new RegExp(`(?=Score|Result)(?<=^|[.!?:]\\s+|\\n\\s*)\\w+:?${FINAL_NUMBER}`, 'i');

/**
 * Reads a Prometheus judgment. Where a marker in brackets stands anywhere, it alone counts: prose behind it may name
 * other numbers, and then there is no verdict at the end. A score outside of 1…5 is a failure, as there. Never throws.
 */
export function readPrometheus(text: string): Reading {
  const match = (BRACKETED.test(text) ? BRACKETED_RESULT : PLAIN_RESULT).exec(text);
  if (!match) return failure(text, 'it does not end with "[RESULT]" and a number');
  const digits = match[1]!;
  const score = Number(digits);
  if (!(score >= 1 && score <= 5)) return failure(text, `its score ${digits} is not between 1 and 5`);
  const start = match.index + firstDigit(match[0]);
  return {
    verdict: { kind: 'score', score: score as Score },
    rationale: [0, text.slice(0, match.index).trimEnd().length],
    score: [start, start + digits.length],
  };
}

function firstDigit(text: string): number {
  return text.search(/\d/);
}
