/**
 * `npm run results:agreement`: runs the tests that hold this engine against its reference implementations, the long ones
 * included, and writes the largest differences that they saw to docs/results/agreement.md: four minutes on two cores.
 * A part whose report stands in the work folder is not run again, so the command can be stopped and continued; delete
 * the folder to measure anew.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { agreementReport, type Part } from './agreement-report.ts';
import { ensureChromium } from './chromium.ts';

const { values } = parseArgs({ options: { folder: { type: 'string', default: 'work/agreement' } } });
const DOCUMENT = 'docs/results/agreement.md';

const PARTS: Pick<Part, 'name' | 'title' | 'reference' | 'files'>[] = [
  {
    name: 'models',
    title: 'Architectures',
    reference:
      'transformers, the same weights in float32 (those of `llama-bf16-sharded` are rounded to bfloat16 first)',
    files: ['test/browser/model/architectures.test.ts'],
  },
  {
    name: 'gguf',
    title: 'GGUF',
    reference:
      'transformers with the dequantised weights; the weights themselves are those of llama.cpp’s Python package',
    files: ['test/browser/model/gguf.test.ts', 'test/unit/model/formats/dequantise.test.ts'],
  },
  {
    name: 'stories',
    title: 'Trained weights: stories260K',
    reference: 'numpy over the same file; its greedy tokens are those of llama2.c',
    files: ['test/browser/model/stories.test.ts'],
  },
  {
    name: 'gemma',
    title: 'A real pretrained model: Gemma 3 270M, Q4_K_M',
    reference: 'transformers with the dequantised weights',
    files: ['test/browser/model/gemma-gguf.test.ts'],
  },
  {
    name: 'dpo',
    title: 'DPO: six steps of each loss',
    reference:
      'TRL’s DPOTrainer with PEFT’s LoRA; the worst of the six steps, the adapter after them where TRL’s is kept. Loss, log-probabilities, gradient norm and entropy are relative differences. Accuracies may differ by the pairs whose margin is below 1e-4: in the first step, before anything is learned, by all',
    files: ['test/browser/train/dpo-trl.test.ts'],
  },
  {
    name: 'tokenizers',
    title: 'Tokenizers',
    reference: 'Hugging Face’s Python tokenizers',
    files: [
      'test/unit/model/formats/tokenizer-agreement.test.ts',
      'test/unit/model/formats/gguf-vocabulary.test.ts',
    ],
  },
];

/** Runs a part's test files, unless that was done before. */
function measure(part: (typeof PARTS)[number]): Part {
  const file = join(values.folder, `${part.name}.json`);
  if (!existsSync(file)) {
    const project = part.files.map((path) => `--project=${path.split('/')[1]!}`);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}.part`];
    const env = { ...process.env, LONG: '1' };
    const args = ['--no-install', 'vitest', 'run', ...new Set(project), ...reporters, ...part.files];
    const { signal } = spawnSync('npx', args, { stdio: 'inherit', env });
    if (signal || !existsSync(`${file}.part`)) throw new Error(`The tests of "${part.name}" gave no report.`);
    renameSync(`${file}.part`, file);
  }
  return { ...part, report: JSON.parse(readFileSync(file, 'utf8')) as Part['report'] };
}

mkdirSync(values.folder, { recursive: true });
const chromium = spawnSync(ensureChromium(), ['--version'], { encoding: 'utf8' }).stdout.trim();
const machine = `${chromium}, ${cpus().length} CPU cores`;
writeFileSync(DOCUMENT, agreementReport(PARTS.map(measure), machine));
// The document follows the repository's formatting, like everything that is written by hand.
spawnSync('npx', ['prettier', '--write', DOCUMENT], { stdio: 'inherit' });
