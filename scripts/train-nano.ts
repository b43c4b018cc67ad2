/**
 * `npm run train:nano [-- --folder FOLDER]`: trains the embedded judge from nothing and puts its model folders
 * into `public/models/`. Hours on two cores; stopped at any time, the same command goes on from the last checkpoint.
 */
import { appendFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { StageProgress } from '../src/train/nano/train-stage.ts';
import { judgeFacts, modelCard, type Exam } from './nano-card.ts';
import { runInChromium } from './run-in-chromium.ts';

const { values } = parseArgs({ options: { folder: { type: 'string', default: 'work/nano' } } });

/** What a model folder ships; checkpoints and float32 weights stay in the work folder. */
const SHIPPED = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'];
const HELDOUT_ITEMS = 1500;

/** Examines a trained folder and ships it, with the page's `judge.json` and the model card. */
async function publish(name: string, stages: StageProgress[], faulty: boolean): Promise<void> {
  const exam = (await runInChromium({
    entry: '/scripts/entries/exam-nano.ts',
    args: { folder: name, split: 'heldout', items: HELDOUT_ITEMS },
    files: values.folder,
    onLog,
  })) as Exam;
  const target = join('public/models', name);
  mkdirSync(target, { recursive: true });
  for (const file of SHIPPED) {
    const source = join(values.folder, name, file);
    if (!existsSync(source)) throw new Error(`Training ended without ${source}.`);
    cpSync(source, join(target, file));
  }
  writeFileSync(join(target, 'judge.json'), `${JSON.stringify(judgeFacts(exam, stages, faulty), null, 2)}\n`);
  writeFileSync(join(target, 'README.md'), modelCard(name, exam, stages, faulty));
  console.log(`wrote ${target}`);
}

function onLog(line: string): void {
  console.log(line);
  appendFileSync(join(values.folder, 'train.log'), `${line}\n`);
}

mkdirSync(values.folder, { recursive: true });
const stages = (await runInChromium({
  entry: '/scripts/entries/train-nano.ts',
  files: values.folder,
  onLog,
})) as Record<'base' | 'seed', StageProgress>;
await publish('nano-judge-base', [stages.base], false);
await publish('nano-judge', [stages.base, stages.seed], true);
