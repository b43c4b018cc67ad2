/**
 * `npm run infer -- --model DIR_OR_GGUF --prompt-file FILE --tokens N`: greedy continuations and log-probabilities,
 * from the app's own engine in headless Chromium. Progress goes to stderr, the texts to stdout.
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { InferArgs, Inference, Prompt } from './entries/infer.ts';
import { runInChromium } from './run-in-chromium.ts';
import { print, tell } from './terminal.ts';

const USAGE = `npm run infer -- [options]
  --model PATH          a model folder (config.json, tokenizer.json, *.safetensors) or a .gguf file
  --prompt-file FILE    one prompt a line, as JSON: {"text": "..."} or {"ids": [1, 2, 3]}
  --tokens N            most tokens to continue each prompt by (default 32)
  --backend NAME        wasm (default) or webgpu
  --json FILE           an entry a line: ids, continuationIds, text, logprobs
  --logits FILE         all logits of every prompt as safetensors: logits.0, logits.1, ...`;

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    'prompt-file': { type: 'string' },
    tokens: { type: 'string', default: '32' },
    backend: { type: 'string', default: 'wasm' },
    json: { type: 'string' },
    logits: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** @throws SyntaxError or TypeError that names the line */
function readPrompts(file: string): Prompt[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, i) => (line.trim() === '' ? [] : [readPrompt(line, i + 1)]));
}

function readPrompt(line: string, number: number): Prompt {
  const json = JSON.parse(line) as Partial<Prompt>;
  if (typeof json.text === 'string') return { text: json.text };
  const { ids } = json;
  if (Array.isArray(ids) && ids.length > 0 && ids.every((id) => Number.isInteger(id) && id >= 0))
    return { ids };
  throw new TypeError(`Line ${number}: a prompt is {"text": "..."} or {"ids": [...]} with at least one id.`);
}

async function run(model: string, promptFile: string): Promise<void> {
  const folder = `test-results/infer-${process.pid}`;
  const args: InferArgs = {
    backend: values.backend,
    tokens: Number(values.tokens),
    prompts: readPrompts(promptFile),
    logits: values.logits !== undefined,
  };
  mkdirSync(folder, { recursive: true });
  try {
    const results = (await runInChromium({
      entry: '/scripts/entries/infer.ts',
      args,
      files: folder,
      folders: { model },
      onLog: tell,
    })) as Inference[];
    if (values.logits) copyFileSync(join(folder, 'logits.safetensors'), values.logits);
    if (values.json) writeFileSync(values.json, `${JSON.stringify(results)}\n`);
    for (const { text } of results) print(text);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (values.help || !values.model || !values['prompt-file']) {
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  try {
    await run(values.model, values['prompt-file']);
  } catch (error) {
    tell(error);
    process.exitCode = 1;
  }
}
