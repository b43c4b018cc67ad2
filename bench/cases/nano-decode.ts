import type { Bench } from '../bench.ts';
import type { Race } from '../case.ts';
import { nanogpt } from '../contenders/nanogpt.ts';
import { ours } from '../contenders/ours.ts';
import { stock } from '../contenders/stock.ts';
import { torch } from '../contenders/torch.ts';
import { transformers } from '../contenders/transformers.ts';
import { wllama } from '../contenders/wllama.ts';
import type { Sampling } from '../pages/commands.ts';
import { idsOf, NANO, nanoPrompts, shared, textsOf } from '../workload.ts';

const SAMPLES = 8;
const PROMPTS = 32;
/** The prototype's rationales have about as many tokens. */
const NEW_TOKENS = 48;
/** Sequences that wllama may decode together; its default is 4. */
const SLOTS = [8, 1, 32];
/** The prototype's. */
const CONTEXT = 256;
/** On a software GPU. */
const FEW_TOKENS = 16;

const model = { kind: 'folder', path: NANO } as const;
/** An eighth of the prompts in a quick run. */
const promptsOf = ({ quick }: Bench, count: number) => nanoPrompts(quick ? Math.ceil(count / 8) : count);

const sampling = (bench: Bench, prompts: number, newTokens: number): Sampling => ({
  prompts: idsOf(promptsOf(bench, prompts)),
  samples: SAMPLES,
  newTokens,
});

export const nanoDecodeWasm: Race = {
  name: 'nano-decode-wasm',
  work: `Rationales: N = ${SAMPLES} × ${PROMPTS} prompts, ${NEW_TOKENS} tokens each, nano judge prototype, WASM`,
  unit: 'tokens/s',
  ours: (bench) =>
    ours(bench, { backend: 'wasm', model }, { do: 'sample', ...sampling(bench, PROMPTS, NEW_TOKENS) }),
  peers: [
    {
      name: 'wllama',
      target: 4,
      open: (bench) =>
        wllama(bench, `${NANO}/gguf/f16.gguf`, CONTEXT, SLOTS, {
          do: 'sample',
          ...sampling(bench, PROMPTS, NEW_TOKENS),
          prompts: textsOf(promptsOf(bench, PROMPTS)),
        }),
    },
    {
      name: 'transformers.js',
      target: 5,
      open: (bench) => transformers(bench, sampling(bench, PROMPTS, NEW_TOKENS)),
    },
    {
      name: 'torch',
      target: 0.7,
      open: (bench) => torch(bench, shared(NANO), { do: 'sample', ...sampling(bench, PROMPTS, NEW_TOKENS) }),
    },
  ],
};

/** Its time is that of each row's own cache, so that an eighth of the prompts is as fast per token as all of them. */
const STOCK_PROMPTS = PROMPTS / 8;

export const nanoDecodeWebgpu: Race = {
  name: 'nano-decode-webgpu',
  work: `Rationales: N = ${SAMPLES} × ${PROMPTS} prompts, ${FEW_TOKENS} tokens each, nano judge prototype, WebGPU`,
  unit: 'tokens/s',
  ours: (bench) =>
    ours(bench, { backend: 'webgpu', model }, { do: 'sample', ...sampling(bench, PROMPTS, FEW_TOKENS) }),
  peers: [
    {
      name: 'stock',
      target: 4,
      open: (bench) =>
        stock(bench, 'webgpu', { do: 'sample', ...sampling(bench, STOCK_PROMPTS, FEW_TOKENS) }),
    },
    {
      name: 'nanogpt',
      target: 10,
      open: (bench) =>
        nanogpt(
          bench,
          { mixedPrecision: false, lora: null },
          {
            do: 'sample',
            promptTokens: meanLength(idsOf(nanoPrompts(PROMPTS))),
            newTokens: FEW_TOKENS,
            times: 2,
          },
        ),
    },
  ],
};

const meanLength = (prompts: number[][]) => Math.round(prompts.flat().length / prompts.length);
