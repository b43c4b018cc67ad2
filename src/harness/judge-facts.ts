import * as v from 'valibot';
import type { Tokenizer } from '../model/formats/tokenizer.ts';
import type { PointProtocol } from '../judge/protocol.ts';
import type { Engine } from '../../workers/protocol.ts';

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** `judge.json` of a model folder: what is known of this judge beyond its weights. All of it is optional. */
const JudgeFactsSchema = v.object({
  /** 1st percentile of the mean token log-probability of its validation prompts. */
  promptLogprobPercentile1: v.optional(v.pipe(v.number(), v.finite())),
  /** Exact-score accuracy on held-out items (0–1), in all and by family. */
  accuracy: v.optional(share),
  accuracyByFamily: v.optional(v.record(v.string(), share)),
  /** How it was trained, and what its annotators did wrong, in sentences. */
  recipe: v.optional(v.string()),
  faults: v.optional(v.array(v.string())),
});

export type JudgeFacts = v.InferOutput<typeof JudgeFactsSchema>;

/** A judge.json that says what it cannot say. */
export class JudgeFactsError extends Error {
  override name = 'JudgeFactsError';
}

/** @param json what judge.json holds, or {} where there is none @throws JudgeFactsError */
export function readJudgeFacts(json: unknown): JudgeFacts {
  const { success, output, issues } = v.safeParse(JudgeFactsSchema, json);
  if (success) return output;
  const [{ message, path }] = issues;
  const where = path?.map(({ key }) => String(key)).join('.').slice(0, 100) ?? 'the whole of it'; // prettier-ignore
  throw new JudgeFactsError(
    `judge.json of this model cannot be read: ${where}: ${message.slice(0, 200)}. Mend the file, or leave it out: ` +
      'it only says what is known of the judge.',
  );
}

/** A judge that is ready to be asked. */
export interface OpenJudge {
  engine: Engine;
  tokenizer: Tokenizer;
  protocol: PointProtocol;
  facts: JudgeFacts;
}

/** Everything beside the weights that judging needs, and into how many WASM workers the model fits where it is large. */
export type BesideWeights = Omit<OpenJudge, 'engine'> & { workers?: number };
