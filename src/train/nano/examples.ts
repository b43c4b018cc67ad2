import type { SupervisedExample } from '../supervised-example.ts';
import { trainingText, type Format, type Stage, type TrainingText } from '../../data/micro/corpus.ts';
import type { Tokenizer } from '../../model/formats/tokenizer.ts';
import { NANO_CONFIG, RECIPE } from './recipe.ts';

const COMPARING: ReadonlySet<Format> = new Set<Format>(['pair', 'pair-reference', 'single', 'several']);

/** Ids and loss weights of one training text: each part is <bos> prompt completion <eos>. */
export function supervisedExample(text: TrainingText, tokenizer: Tokenizer): SupervisedExample {
  const ids: number[] = [];
  const weights: number[] = [];
  for (const { prompt, completion } of text.parts) {
    const promptIds = [tokenizer.bos, ...tokenizer.encode(prompt)];
    const completionIds = [...tokenizer.encode(completion), tokenizer.eos];
    const scoreLine = COMPARING.has(text.format) ? scoreLineLength(completion, tokenizer) : 0;
    ids.push(...promptIds, ...completionIds);
    weights.push(
      0,
      ...promptIds.slice(1).map(() => RECIPE.promptWeight),
      ...completionIds.map((_, i) => (i < scoreLine ? RECIPE.scoreLineWeight : 1)),
    );
  }
  const limit = NANO_CONFIG.max_position_embeddings;
  return { ids: Int32Array.from(ids.slice(0, limit)), weights: Float32Array.from(weights.slice(0, limit)) };
}

/** Tokens of a comparison's first line. */
const scoreLineLength = (completion: string, tokenizer: Tokenizer) =>
  tokenizer.encode(completion.slice(0, completion.indexOf('\n'))).length;

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
