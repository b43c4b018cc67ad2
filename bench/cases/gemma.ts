import type { Bench } from '../bench.ts';
import type { Race } from '../case.ts';
import { LORA, ours } from '../contenders/ours.ts';
import { torch } from '../contenders/torch.ts';
import { wllama, withSlots } from '../contenders/wllama.ts';
import type { Sampling } from '../pages/commands.ts';
import { GEMMA, gemmaPrompts, idsOf, shared, textsOf, type Prompt } from '../workload.ts';

const PROMPT_TOKENS = 300;
const DECODE = { samples: 8, newTokens: 17 };
const DECODE_PROMPTS = 4;
const DECODE_PROMPT_TOKENS = 32;
/** Sequences that wllama may decode together. */
const SLOTS = [DECODE.samples, 1];
/** Of one sequence, in wllama's cache. */
const CONTEXT = 128;
const TRAINING = { batch: 4, tokens: 256 };

const model = { kind: 'gguf', path: GEMMA } as const;

export const gemmaPrefill: Race = {
  name: 'gemma-prefill-wasm',
  work: `Reading prompts of ${PROMPT_TOKENS} tokens, Gemma 3 270M, WASM`,
  unit: 'tokens/s',
  ours: async (bench) =>
    ours(
      bench,
      { backend: 'wasm', model },
      { do: 'prefill', prompts: idsOf(await gemmaPrompts(4, PROMPT_TOKENS)) },
    ),
  peers: [
    {
      name: 'wllama',
      target: 4,
      open: async (bench) =>
        withSlots(
          bench,
          { file: GEMMA, context: 1024, slots: 1 },
          { do: 'prefill', prompts: textsOf(await gemmaPrompts(1, PROMPT_TOKENS)) },
        ),
    },
  ],
};

export const gemmaDecode: Race = {
  name: 'gemma-decode-wasm',
  work: `Rationales: N = ${DECODE.samples} × ${DECODE_PROMPTS} prompts, ${DECODE.newTokens - 1} tokens each behind the first, Gemma 3 270M, WASM`,
  unit: 'tokens/s',
  ours: async (bench) =>
    ours(
      bench,
      { backend: 'wasm', model },
      { do: 'decode', sampling: await decoding(DECODE_PROMPTS, idsOf) },
    ),
  peers: [
    // One prompt: decoding 32 rows together could not be faster than its reading of a prompt of 300 tokens.
    {
      name: 'wllama',
      target: 5,
      open: async (bench) =>
        wllama(bench, GEMMA, CONTEXT, SLOTS, { do: 'decode', sampling: await decoding(1, textsOf) }),
    },
  ],
};

async function decoding<T>(prompts: number, as: (prompts: Prompt[]) => T[]): Promise<Sampling<T>> {
  return { prompts: as(await gemmaPrompts(prompts, DECODE_PROMPT_TOKENS)), ...DECODE };
}

/** One sequence in a quick run. */
const sequences = async ({ quick }: Bench) =>
  idsOf(await gemmaPrompts(quick ? 1 : TRAINING.batch, TRAINING.tokens));

export const gemmaTraining: Race = {
  name: 'gemma-lora-wasm',
  work: `A training step: LoRA r = ${LORA.rank} on all linear layers, batch ${TRAINING.batch} × ${TRAINING.tokens}, Gemma 3 270M, WASM`,
  unit: 'tokens/s',
  ours: async (bench) =>
    ours(
      bench,
      { backend: 'wasm', model },
      { do: 'supervise', sequences: await sequences(bench), lora: LORA },
    ),
  peers: [
    {
      name: 'torch',
      target: 0.4,
      open: async (bench) =>
        torch(bench, shared(GEMMA), { do: 'supervise', sequences: await sequences(bench), lora: LORA }),
    },
  ],
};
