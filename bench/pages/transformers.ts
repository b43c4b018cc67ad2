import { env, type CausalLM } from '@huggingface/transformers';
import type { Measured } from '../contender.ts';
import type { Sampling } from './commands.ts';
import { loadModel, sampleBatch } from './transformers-work.ts';

export type TransformersCommand =
  { do: 'open'; model: string; threads: number } | ({ do: 'sample' } & Sampling);

let model: CausalLM;

export default async function run(command: TransformersCommand): Promise<Measured | string> {
  if (command.do === 'sample') return sampleBatch(model, command);
  const { wasm } = env.backends.onnx;
  if (wasm) {
    wasm.numThreads = command.threads;
    wasm.wasmPaths = '/bench/node_modules/onnxruntime-web/dist/';
  }
  model = await loadModel('/shared/models/', command.model, 'wasm');
  return `ONNX Runtime Web, WASM, ${command.threads} threads`;
}
