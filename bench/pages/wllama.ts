/** llama.cpp compiled to WASM, by its own binding; continuous batching over a few slots, as its server does. */
import type { Measured } from '../contender.ts';
import type { Sampling } from './commands.ts';

export type WllamaCommand =
  /** `file` below the shared folder; `context` tokens for all slots together. */
  | { do: 'open'; file: string; context: number; threads: number; slots: number }
  | ({ do: 'sample' } & Sampling<string>)
  | { do: 'prefill'; prompts: string[] }
  | { do: 'decode'; sampling: Sampling<string> };

/** The part of the package that is called; its own types are there only after `npm ci` in bench/. */
interface Package {
  Wllama: {
    new (paths: { default: string }, config: { suppressNativeLog: boolean }): Wllama;
    getLibllamaVersion(): string;
  };
}
interface Wllama {
  loadModel(
    files: Blob[],
    options: { n_ctx: number; n_threads: number; n_gpu_layers: 0; n_parallel: number },
  ): Promise<void>;
  getNumThreads(): number;
  /** Passed on to llama.cpp's server as it is: its own options are known. A prompt is text here, and only one. */
  createCompletion(options: object): Promise<Completion>;
}
interface Completion {
  usage: { prompt_tokens: number; completion_tokens: number };
  timings: { predicted_n: number; predicted_ms: number };
}

const PACKAGE = '/bench/node_modules/@wllama/wllama/esm/';

let wllama: Wllama;
let slots = 1;

export default async function run(command: WllamaCommand): Promise<Measured | string> {
  switch (command.do) {
    case 'open':
      return open(command);
    case 'sample':
      return sample(command);
    case 'prefill':
      return prefill(command.prompts);
    case 'decode':
      return decode(command.sampling);
  }
}

async function open({
  file,
  context,
  threads,
  slots: count,
}: Extract<WllamaCommand, { do: 'open' }>): Promise<string> {
  const response = await fetch(`/shared/${file}`);
  if (!response.ok) throw new Error(`${file}: HTTP ${response.status}`);
  const { Wllama } = (await import(/* @vite-ignore */ `${PACKAGE}index.js`)) as Package;
  wllama = new Wllama({ default: `${PACKAGE}wasm/wllama.wasm` }, { suppressNativeLog: true });
  slots = count;
  await wllama.loadModel([await response.blob()], {
    n_ctx: context,
    n_threads: threads,
    n_gpu_layers: 0,
    n_parallel: slots,
  });
  return `llama.cpp ${Wllama.getLibllamaVersion()}, ${wllama.getNumThreads()} threads, ${slots} slots`;
}

/** Requests as many as there are slots at a time; a prompt's samples follow each other, so that its cache is used. */
async function sample({ prompts, samples, newTokens }: Sampling<string>): Promise<Measured> {
  const requests = prompts.flatMap((prompt) => Array<string>(samples).fill(prompt));
  const start = performance.now();
  let tokens = 0;
  const work = async () => {
    for (let prompt = requests.shift(); prompt !== undefined; prompt = requests.shift()) {
      const { usage } = await complete(prompt, newTokens);
      tokens += usage.completion_tokens;
    }
  };
  await Promise.all(Array.from({ length: slots }, work));
  return { tokens, seconds: (performance.now() - start) / 1000 };
}

/**
 * With its own defaults of top-k, top-p and min-p: without them a byte that is no UTF-8 is drawn now and then, on which the
 * server ends (3.8.1).
 */
function complete(prompt: string, newTokens: number, cache = true): Promise<Completion> {
  return wllama.createCompletion({
    prompt,
    max_tokens: newTokens,
    ignore_eos: true,
    cache_prompt: cache,
    temperature: 1,
  });
}

async function prefill(prompts: string[]): Promise<Measured> {
  let tokens = 0;
  const start = performance.now();
  for (const prompt of prompts) tokens += (await complete(prompt, 1, false)).usage.prompt_tokens;
  return { tokens, seconds: (performance.now() - start) / 1000 };
}

/** Tokens behind the prompt, by the server's own clock: as many rows as there are slots begin and end together. */
async function decode({ prompts, samples, newTokens }: Sampling<string>): Promise<Measured> {
  const requests = prompts.flatMap((prompt) => Array<string>(samples).fill(prompt));
  const sum = { tokens: 0, seconds: 0 };
  while (requests.length > 0) {
    const wave = requests.splice(0, slots).map((prompt) => complete(prompt, newTokens));
    const timings = (await Promise.all(wave)).map((completion) => completion.timings);
    sum.tokens += timings.reduce((total, { predicted_n }) => total + predicted_n, 0);
    sum.seconds += Math.max(...timings.map(({ predicted_ms }) => predicted_ms)) / 1000;
  }
  return sum;
}
