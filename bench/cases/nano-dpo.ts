import type { BackendName } from '../../src/tensor/backend-name.ts';
import type { LoraSettings } from '../../src/model/lora-settings.ts';
import type { Race } from '../case.ts';
import { nanogpt } from '../contenders/nanogpt.ts';
import { LORA, ours } from '../contenders/ours.ts';
import { stock } from '../contenders/stock.ts';
import { torch } from '../contenders/torch.ts';
import type { Preference } from '../pages/commands.ts';
import { NANO, nanoPairs, shared } from '../workload.ts';

const PAIRS = 16;
/** On a software GPU. */
const FEW_PAIRS = 2;
/** Its micro-batches of 512 tokens follow one another, so that half of the pairs is as fast per token as all of them. */
const STOCK_PAIRS = PAIRS / 2;

const model = { kind: 'folder', path: NANO } as const;

const step = (pairs: number, lora: LoraSettings | null): { do: 'prefer' } & Preference => ({
  do: 'prefer',
  pairs: nanoPairs(pairs),
  lora,
});

function work(backend: string, pairs: number, lora: LoraSettings | null): string {
  const kind = lora ? `LoRA r = ${lora.rank}` : 'full fine-tuning';
  return `A DPO step of ${pairs} pairs, ${kind}, nano judge prototype, ${backend}; prompt and completion of both sides count`;
}

const engine = (backend: BackendName, pairs: number, lora: LoraSettings | null): Race['ours'] => {
  return (bench) => ours(bench, { backend, model }, step(pairs, lora));
};

const onWasm = (name: string, lora: LoraSettings | null): Race => ({
  name,
  work: work('WASM', PAIRS, lora),
  unit: 'tokens/s',
  ours: engine('wasm', PAIRS, lora),
  peers: [
    { name: 'stock', target: 4, open: (bench) => stock(bench, 'wasm', step(STOCK_PAIRS, lora)) },
    { name: 'torch', target: 0.4, open: (bench) => torch(bench, shared(NANO), step(PAIRS, lora)) },
  ],
});

/** The peer has no DPO: its step on as many plain sequences of about as many tokens, which is no more work per token. */
const onWebgpu = (name: string, lora: LoraSettings | null): Race => ({
  name,
  work: work('WebGPU', FEW_PAIRS, lora),
  unit: 'tokens/s',
  ours: engine('webgpu', FEW_PAIRS, lora),
  peers: [
    {
      name: 'nanogpt',
      target: 3,
      open: (bench) =>
        nanogpt(
          bench,
          { mixedPrecision: false, lora: lora?.rank ?? null },
          { do: 'train', batch: 2 * FEW_PAIRS, tokens: 128 },
        ),
    },
  ],
});

export const nanoDpoWasm = onWasm('nano-dpo-wasm', null);
export const nanoDpoWasmLora = onWasm('nano-dpo-lora-wasm', LORA);
export const nanoDpoWebgpu = onWebgpu('nano-dpo-webgpu', null);
export const nanoDpoWebgpuLora = onWebgpu('nano-dpo-lora-webgpu', LORA);
