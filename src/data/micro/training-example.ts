import type { Tokenizer } from '../../model/formats/tokenizer.ts';
import type { TrainingText } from './corpus.ts';

/** One supervised sequence; `weights[i]` is the loss weight of predicting ids[i]. */
export interface TrainingExample {
  ids: Int32Array;
  weights: Float32Array;
}

/**
 * `<bos>` prompt completion `<eos>`, for each part of the text. Judgments (with `<eos>`) have weight 1, prompts
 * `promptWeight`: learning the prompts too is what lets the page tell a familiar task from a foreign one.
 */
export function trainingExample(
  text: TrainingText,
  tokenizer: Tokenizer,
  promptWeight = 0.2,
): TrainingExample {
  const ids: number[] = [];
  const weights: number[] = [];
  const append = (tokens: Iterable<number>, weight: number) => {
    for (const token of tokens) {
      ids.push(token);
      weights.push(weight);
    }
  };
  for (const { prompt, completion } of text.parts) {
    append([tokenizer.bos], 0);
    append(tokenizer.encode(prompt), promptWeight);
    append([...tokenizer.encode(completion), tokenizer.eos], 1);
  }
  return { ids: Int32Array.from(ids), weights: Float32Array.from(weights) };
}
