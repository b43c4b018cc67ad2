import * as v from 'valibot';
import type { Tokenizer } from '../model/formats/tokenizer.ts';
import type { PointProtocol } from '../judge/protocol.ts';
import type { Engine } from '../../workers/protocol.ts';

/** `judge.json` of a model folder: what is known of this judge beyond its weights. All of it is optional. */
export const JudgeFactsSchema = v.object({
  /** 1st percentile of the mean token log-probability of its validation prompts. */
  promptLogprobPercentile1: v.optional(v.number()),
  /** Exact-score accuracy on held-out items (0–1), in all and by family. */
  accuracy: v.optional(v.number()),
  accuracyByFamily: v.optional(v.record(v.string(), v.number())),
  /** How it was trained, and what its annotators did wrong, in sentences. */
  recipe: v.optional(v.string()),
  faults: v.optional(v.array(v.string())),
});

export type JudgeFacts = v.InferOutput<typeof JudgeFactsSchema>;

/** A judge that is ready to be asked. */
export interface OpenJudge {
  engine: Engine;
  tokenizer: Tokenizer;
  protocol: PointProtocol;
  facts: JudgeFacts;
}

/** Everything beside the weights that judging needs, and into how many WASM workers the model fits where it is large. */
export type BesideWeights = Omit<OpenJudge, 'engine'> & { workers?: number };
