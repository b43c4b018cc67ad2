/** transformers.js in Node, over native ONNX Runtime: commands and answers are lines of JSON. */
import { createInterface } from 'node:readline';
import type { CausalLM } from '@huggingface/transformers';
import type { Sampling } from './pages/commands.ts';
import { loadModel, sampleBatch } from './pages/transformers-work.ts';

type Command = { do: 'open'; models: string; model: string } | ({ do: 'sample' } & Sampling);

let model: CausalLM;

async function run(command: Command): Promise<unknown> {
  if (command.do === 'sample') return sampleBatch(model, command);
  model = await loadModel(command.models, command.model, 'cpu');
  return 'native ONNX Runtime in Node';
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await run(JSON.parse(line) as Command).then(
    (result) => ({ result }),
    (error: unknown) => ({ error: String(error) }),
  );
  console.log(JSON.stringify(answer));
}
