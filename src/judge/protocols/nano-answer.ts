import type { Item } from '../item.ts';
import { showsAnswerAlone, type Protocol, type Reading } from '../protocol.ts';
import { failure } from '../reading.ts';

/** An answer as it was read, and whether it came to its end. */
export interface AnswerReading {
  response: string;
  /** False when the text was cut before the line ended. */
  finished: boolean;
}

/**
 * The judge sits the exam itself: its own prompt, cut where the response begins. Prompts were trained with a small
 * weight, so it answers and then goes on with the criterion. Generation need not go on past the first line break.
 */
export const nanoAnswer = {
  id: 'nano-answer',
  mode: 'answer',
  shows: showsAnswerAlone,
  render: ({ instruction }: Pick<Item, 'instruction'>) => `### Instruction\n${instruction}\n### Response\n`,
  target: (response: string) => `${response}\n`,
  parse: readAnswerLine,
} satisfies Protocol<Pick<Item, 'instruction'>> & Record<string, unknown>;

function readAnswerLine(text: string): Reading {
  const { response, finished } = readAnswer(text);
  if (!finished) return failure(text, 'it was cut before the line ended');
  return { verdict: { kind: 'answer', response }, rationale: [0, 0], score: null };
}

/** Reads the first line of generated text; an empty line is an empty answer. Never throws. */
export function readAnswer(text: string): AnswerReading {
  const lineEnd = text.indexOf('\n');
  return { response: (lineEnd < 0 ? text : text.slice(0, lineEnd)).trim(), finished: lineEnd >= 0 };
}
