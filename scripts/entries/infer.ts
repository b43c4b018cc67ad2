/** The headless side of `npm run infer`. */
import { writeSafetensors, type NamedArrays } from '../../src/model/formats/safetensors.ts';
import type { Tokenizer } from '../../src/model/formats/tokenizer.ts';
import type { Engine } from '../../workers/protocol.ts';
import type { Host } from '../host.ts';
import { openLocalModel } from './local-model.ts';

export interface Prompt {
  text?: string;
  ids?: number[];
}

export interface InferArgs {
  backend: string;
  tokens: number;
  prompts: Prompt[];
  logits: boolean;
}

export interface Inference {
  ids: number[];
  /** Greedy, the end token included where it was reached. */
  continuationIds: number[];
  text: string;
  /** log p of each prompt token after the first. */
  logprobs: number[];
}

const GREEDY = { temperature: 0, topP: 1, seed: 0, round: 0 };

export default async function infer(args: InferArgs, host: Host): Promise<Inference[]> {
  const { engine, tokenizer } = await openLocalModel(args.backend);
  const { name, hash } = engine.model;
  host.log(
    `${name} ${hash} on ${engine.device.backend}, ${engine.device.device}, ${engine.device.workers} workers`,
  );
  try {
    const prompts = args.prompts.map((prompt) => idsOf(prompt, tokenizer, engine));
    const logprobs = await engine.sequenceLogprobs(
      prompts.map((ids) => ({ prompt: ids.slice(0, 1), completion: ids.slice(1) })),
    );
    const continuations = await continueAll(engine, prompts, args.tokens);
    if (args.logits) await host.writeFile('logits.safetensors', await allLogits(engine, prompts));
    return prompts.map((ids, i) => ({
      ids: [...ids],
      continuationIds: [...(continuations[i] as Int32Array)],
      text: tokenizer.decode(continuations[i] as Int32Array),
      logprobs: [...(logprobs[i] as Float32Array)],
    }));
  } finally {
    engine.close();
  }
}

/** A text gets the special tokens that the model's tokenizer adds; ids are taken as they are. */
function idsOf({ text, ids }: Prompt, tokenizer: Tokenizer, engine: Engine): Int32Array {
  if (ids === undefined) return tokenizer.encode(text ?? '', { addSpecial: true });
  const beyond = ids.find((id) => id >= engine.model.vocabularySize);
  if (beyond !== undefined)
    throw new RangeError(`Token ${beyond} is not among the model's ${engine.model.vocabularySize}.`);
  return Int32Array.from(ids);
}

async function continueAll(engine: Engine, prompts: Int32Array[], tokens: number): Promise<Int32Array[]> {
  const tasks = prompts.map((prompt, key) => ({ key, prompt, samples: [0] }));
  const continuations = Array<Int32Array>(prompts.length);
  await engine.generate(tasks, { ...GREEDY, maxTokens: tokens }, ({ task, ids }) => {
    continuations[task] = ids;
  });
  return continuations;
}

async function allLogits(engine: Engine, prompts: Int32Array[]): Promise<Uint8Array<ArrayBuffer>> {
  const arrays: NamedArrays = new Map();
  for (const [i, ids] of prompts.entries()) {
    const shape = [ids.length, engine.model.vocabularySize];
    arrays.set(`logits.${i}`, { shape, data: await engine.promptLogits(ids) });
  }
  return new Uint8Array(writeSafetensors(arrays));
}
