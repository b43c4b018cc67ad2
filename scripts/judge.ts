/**
 * `npm run judge -- --model DIR --protocol NAME --items FILE`: one JSON line for each judgment, from the app's own
 * engine in headless Chromium. Progress goes to stderr.
 */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { JudgeArgs, JudgmentLine } from './entries/judge.ts';
import { runInChromium } from './run-in-chromium.ts';
import { jsonLine, tell } from './terminal.ts';

const USAGE = `npm run judge -- [options]
  --model PATH        a model folder or a .gguf file (default: the embedded judge)
  --protocol NAME     nano-point (default), prometheus-absolute or few-shot-point
  --items FILE        items as JSONL, JSON or CSV
  --samples N         judgments of each item (default 1)
  --temperature T     0 is greedy (default); 1 with several samples
  --tokens N          most tokens of a judgment (default 256)
  --seed N            seed of the sampling (default 0)
  --backend NAME      wasm (default) or webgpu
  --json FILE         writes the lines there as one array`;

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'public/models/nano-judge' },
    protocol: { type: 'string', default: 'nano-point' },
    items: { type: 'string' },
    samples: { type: 'string', default: '1' },
    temperature: { type: 'string' },
    tokens: { type: 'string', default: '256' },
    seed: { type: 'string', default: '0' },
    backend: { type: 'string', default: 'wasm' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

async function run(items: string): Promise<void> {
  const folder = `test-results/judge-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  copyFileSync(items, join(folder, basename(items)));
  const samples = Number(values.samples);
  const args: JudgeArgs = {
    backend: values.backend,
    protocol: values.protocol,
    items: basename(items),
    samples,
    sampling: {
      temperature: Number(values.temperature ?? (samples > 1 ? 1 : 0)),
      topP: 1,
      maxTokens: Number(values.tokens),
      seed: Number(values.seed),
      round: 0,
    },
  };
  try {
    const lines = (await runInChromium({
      entry: '/scripts/entries/judge.ts',
      args,
      files: folder,
      folders: { model: values.model },
      onLog: tell,
    })) as JudgmentLine[];
    if (values.json) writeFileSync(values.json, `${JSON.stringify(lines, null, 2)}\n`);
    for (const line of lines) console.log(jsonLine(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (values.help || !values.items) {
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  try {
    await run(values.items);
  } catch (error) {
    tell(error);
    process.exitCode = 1;
  }
}
