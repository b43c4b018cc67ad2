import type { Item } from '../item.ts';

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
  mode: 'answer' as const,
  render: ({ instruction }: Pick<Item, 'instruction'>) => `### Instruction\n${instruction}\n### Response\n`,
  target: (response: string) => `${response}\n`,
  parse: readAnswer,
};

/** Reads the first line of generated text; an empty line is an empty answer. Never throws. */
export function readAnswer(text: string): AnswerReading {
  const lineEnd = text.indexOf('\n');
  return { response: (lineEnd < 0 ? text : text.slice(0, lineEnd)).trim(), finished: lineEnd >= 0 };
}
