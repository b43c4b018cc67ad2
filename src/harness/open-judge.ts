import * as v from 'valibot';
import { createTokenizer, type Tokenizer } from '../model/formats/tokenizer.ts';
import { nanoPoint } from '../judge/protocols/nano.ts';
import type { PointProtocol } from '../judge/protocol.ts';
import type { BackendName, Engine, ModelSource } from '../../workers/protocol.ts';

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

/** How a host starts an engine: `openEngine` of workers/pool.ts, which only pages can. */
export type EngineOpener = (options: {
  backend: BackendName;
  model: ModelSource;
  workers?: number;
}) => Promise<Engine>;

/**
 * Opens a judge from a folder's files or from the URL of one, in the way that its kind is asked (`readBesideWeights`)
 * unless `protocol` names another.
 * @throws ModelTooLargeError with the memory plan, before any weights are read, and whatever is wrong with the files
 */
export async function openJudge(
  openEngine: EngineOpener,
  { backend, source, protocol }: { backend: BackendName; source: ModelSource; protocol?: PointProtocol },
): Promise<OpenJudge> {
  const { workers, ...beside } = await readBesideWeights(source, backend);
  const engine = await openEngine({ backend, model: source, ...(workers && { workers }) });
  return { ...beside, ...(protocol && { protocol }), engine };
}

/** Everything beside the weights that judging needs, and into how many WASM workers the model fits where it is large. */
export type BesideWeights = Omit<OpenJudge, 'engine'> & { workers?: number };

/** What judging needs beside the weights; a model that cannot run on this backend is refused here. */
export async function readBesideWeights(source: ModelSource, backend: BackendName): Promise<BesideWeights> {
  if ('files' in source) {
    const { readPublishedModel } = await import('./published-model.ts');
    return readPublishedModel(source.files, backend);
  }
  if ('url' in source) return readModelFolder(source.url);
  throw new Error('A judge needs a tokenizer: open it from a folder.');
}

/** A judge in the layout of the shipped ones, from its folder's URL (which ends in '/'). */
async function readModelFolder(url: string): Promise<BesideWeights> {
  const [tokenizerJson, tokenizerConfig, facts] = await Promise.all([
    readJson(`${url}tokenizer.json`),
    readOptional(`${url}tokenizer_config.json`),
    readOptional(`${url}judge.json`),
  ]);
  return {
    tokenizer: createTokenizer(tokenizerJson as object, tokenizerConfig ?? {}),
    protocol: nanoPoint,
    facts: v.parse(JudgeFactsSchema, facts ?? {}),
  };
}

async function readJson(url: string): Promise<unknown> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`Failed to fetch ${url}: ${response.status} ${response.statusText}`);
  return response.json();
}

/** A file that a model folder may lack; a static host answers 404, or with a page of its own. */
async function readOptional(url: string): Promise<unknown> {
  const response = await fetch(url);
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return response.ok && isJson ? response.json() : null;
}
