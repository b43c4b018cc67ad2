import { trainingText } from './corpus.ts';

/** Texts to train the embedded judge's tokenizer on: prompts and completions of `count` training texts. */
export function tokenizerTexts(seed: number, count: number): string[] {
  const texts = Array.from({ length: count }, (_, index) => trainingText('base', seed, index));
  return texts.flatMap(({ parts }) => parts.flatMap(({ prompt, completion }) => [prompt, completion]));
}

/** With 1,024 entries nearly every word of the little world is one token where a space stands before it. */
export const VOCABULARY_SIZE = 1024;
