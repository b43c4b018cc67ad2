/**
 * `npm run train -- --model DIR --adapter DIR --pairs FILE --config FILE --out DIR`: DPO on preference pairs as TRL's
 * DPOTrainer does it, from the app's own engine in headless Chromium. Progress goes to stderr, the last step to stdout.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { TextPair, TrainPairsArgs, TrlStep } from './entries/train-pairs.ts';
import { runInChromium } from './run-in-chromium.ts';
import { jsonLine, tell } from './terminal.ts';

const USAGE = `npm run train -- [options]
  --model PATH      a model folder (config.json, tokenizer.json, *.safetensors) or a .gguf file
  --adapter DIR     LoRA adapter in PEFT's format: where training begins, and the reference policy
  --pairs FILE      one pair a line, as JSON: {"prompt": "...", "chosen": "...", "rejected": "..."}
  --config FILE     settings by TRL's names, as JSON: {"config": {...}} as a run's log.json has it, or that alone
  --out DIR         gets the trained adapter in PEFT's format
  --backend NAME    wasm (default) or webgpu
  --json FILE       {config, steps}: each step under TRL's metric names`;

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    adapter: { type: 'string' },
    pairs: { type: 'string' },
    config: { type: 'string' },
    out: { type: 'string' },
    backend: { type: 'string', default: 'wasm' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** @throws TypeError that names the line */
function readPairs(file: string): TextPair[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, i) => (line.trim() === '' ? [] : [readPair(line, i + 1)]));
}

function readPair(line: string, number: number): TextPair {
  const { prompt, chosen, rejected } = JSON.parse(line) as Partial<TextPair>;
  if (typeof prompt === 'string' && typeof chosen === 'string' && typeof rejected === 'string')
    return { prompt, chosen, rejected };
  throw new TypeError(
    `Line ${number}: a pair is {"prompt": "...", "chosen": "...", "rejected": "..."}, all texts.`,
  );
}

async function run(
  model: string,
  adapter: string,
  pairs: string,
  config: string,
  out: string,
): Promise<void> {
  const settings: unknown = JSON.parse(readFileSync(config, 'utf8'));
  const args: TrainPairsArgs = { backend: values.backend, pairs: readPairs(pairs), config: settings };
  mkdirSync(out, { recursive: true });
  const steps = (await runInChromium({
    entry: '/scripts/entries/train-pairs.ts',
    args,
    files: out,
    folders: { model, adapter },
    onLog: tell,
  })) as TrlStep[];
  const report = { config: (settings as { config?: unknown }).config ?? settings, steps };
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 1)}\n`);
  console.log(jsonLine(steps.at(-1)));
}

const { model, adapter, pairs, config, out } = values;
if (values.help || !model || !adapter || !pairs || !config || !out) {
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  try {
    await run(model, adapter, pairs, config, out);
  } catch (error) {
    tell(error);
    process.exitCode = 1;
  }
}
