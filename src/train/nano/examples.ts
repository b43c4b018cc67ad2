import type { SupervisedExample } from '../../../workers/protocol.ts';
import { trainingText, type Stage, type TrainingText } from '../../data/micro/corpus.ts';
import type { Tokenizer } from '../../model/formats/tokenizer.ts';
import { NANO_CONFIG, RECIPE } from './recipe.ts';

/** Ids and loss weights of one training text: each part is <bos> prompt completion <eos>. */
export function supervisedExample(text: TrainingText, tokenizer: Tokenizer): SupervisedExample {
  const ids: number[] = [];
  const weights: number[] = [];
  for (const { prompt, completion } of text.parts) {
    const promptIds = [tokenizer.bos, ...tokenizer.encode(prompt)];
    const completionIds = [...tokenizer.encode(completion), tokenizer.eos];
    ids.push(...promptIds, ...completionIds);
    weights.push(0, ...promptIds.slice(1).map(() => RECIPE.promptWeight), ...completionIds.map(() => 1));
  }
  const limit = NANO_CONFIG.max_position_embeddings;
  return { ids: Int32Array.from(ids.slice(0, limit)), weights: Float32Array.from(weights.slice(0, limit)) };
}

/** Batch number `step` of a stage: a pure function, so that training goes on exactly where it stopped. */
export function stageBatch(
  stage: Stage,
  step: number,
  size: number,
  tokenizer: Tokenizer,
): SupervisedExample[] {
  return Array.from({ length: size }, (_, i) =>
    supervisedExample(trainingText(stage, RECIPE.corpusSeed, step * size + i), tokenizer),
  );
}
