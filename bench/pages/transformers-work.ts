/** transformers.js at work: the same in a page (WASM) and in Node (native ONNX Runtime). */
import { AutoModelForCausalLM, env, Tensor, type CausalLM } from '@huggingface/transformers';
import type { Measured } from '../contender.ts';
import type { Sampling } from './commands.ts';

const PADDING = 0;

/** @param models folder, or address, that holds the model's folder */
export async function loadModel(models: string, name: string, device: 'wasm' | 'cpu'): Promise<CausalLM> {
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.useBrowserCache = false;
  env.localModelPath = models;
  return AutoModelForCausalLM.from_pretrained(name, { dtype: 'fp32', device });
}

/** All rows in one batch, padded on the left to the longest prompt. */
export async function sampleBatch(
  model: CausalLM,
  { prompts, samples, newTokens }: Sampling,
): Promise<Measured> {
  const rows = prompts.flatMap((prompt) => Array<number[]>(samples).fill(prompt));
  const width = Math.max(...rows.map((row) => row.length));
  const start = performance.now();
  const output = await model.generate({
    inputs: leftPadded(rows, width, (row) => row, PADDING),
    attention_mask: leftPadded(rows, width, (row) => row.map(() => 1), 0),
    do_sample: true,
    temperature: 1,
    top_k: 0,
    max_new_tokens: newTokens,
    eos_token_id: [-1],
  });
  const tokens = rows.length * (output.dims[1]! - width);
  return { tokens, seconds: (performance.now() - start) / 1000 };
}

function leftPadded(
  rows: number[][],
  width: number,
  of: (row: number[]) => number[],
  padding: number,
): Tensor {
  const values = new BigInt64Array(rows.length * width).fill(BigInt(padding));
  rows.forEach((row, i) => values.set(of(row).map(BigInt), (i + 1) * width - row.length));
  return new Tensor('int64', values, [rows.length, width]);
}
