/**
 * `npm run train:nano [-- --folder FOLDER]`: trains the embedded judge from nothing and puts its model folders
 * into `public/models/`. Hours on two cores; stopped at any time, the same command goes on from the last checkpoint.
 */
import { appendFileSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runInChromium } from './run-in-chromium.ts';

const { values } = parseArgs({ options: { folder: { type: 'string', default: 'work/nano' } } });

/** What a model folder ships; checkpoints and float32 weights stay in the work folder. */
const SHIPPED = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'];
const MODELS = ['nano-judge', 'nano-judge-base'];

function publish(name: string): void {
  const target = join('public/models', name);
  mkdirSync(target, { recursive: true });
  for (const file of SHIPPED) {
    const source = join(values.folder, name, file);
    if (!existsSync(source)) throw new Error(`Training ended without ${source}.`);
    cpSync(source, join(target, file));
  }
  console.log(`wrote ${target}`);
}

mkdirSync(values.folder, { recursive: true });
const result = await runInChromium({
  entry: '/scripts/entries/train-nano.ts',
  files: values.folder,
  onLog: (line) => {
    console.log(line);
    appendFileSync(join(values.folder, 'train.log'), `${line}\n`);
  },
});
console.log(JSON.stringify(result));
MODELS.forEach(publish);
