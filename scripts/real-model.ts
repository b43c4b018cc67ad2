/**
 * `npm run real-model`: a real pretrained model, judged, trained and judged again on real data, in the app's own
 * engine. About an hour on two cores; the same command goes on where it was stopped. Writes docs/results/real-model.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RealModelArgs, RealModelState } from './entries/real-model.ts';
import { realModelReport } from './real-model-report.ts';
import { runInChromium } from './run-in-chromium.ts';
import { SHARED_FOLDER } from './vite/shared-folder.ts';
import { tell } from './terminal.ts';

const USAGE = `npm run real-model -- [options]
  --model PATH      model folder or .gguf file (default: the shared Gemma 3 270M)
  --backend NAME    wasm (default) or webgpu
  --items N         items of each measurement (default 40)
  --folder FOLDER   keeps the work (default work/real-model)
  --report FILE     default docs/results/real-model.md`;

const { values } = parseArgs({
  options: {
    model: {
      type: 'string',
      default: join(SHARED_FOLDER, 'models/gemma3-270m-en/gemma3-270m-en.q4_k_m.gguf'),
    },
    backend: { type: 'string', default: 'wasm' },
    items: { type: 'string', default: '40' },
    folder: { type: 'string', default: 'work/real-model' },
    report: { type: 'string', default: 'docs/results/real-model.md' },
    help: { type: 'boolean', default: false },
  },
});

async function run(): Promise<RealModelState> {
  mkdirSync(values.folder, { recursive: true });
  const args: RealModelArgs = {
    backend: values.backend,
    items: Number(values.items),
    supervised: { steps: 20, batch: 16 },
    samples: 4,
    dpo: { steps: 10, batch: 4 },
  };
  return (await runInChromium({
    entry: '/scripts/entries/real-model.ts',
    args,
    files: values.folder,
    folders: { model: values.model },
    onLog: tell,
  })) as RealModelState;
}

if (values.help) {
  console.log(USAGE);
} else {
  try {
    writeFileSync(values.report, realModelReport(await run()));
    console.log(`wrote ${values.report}`);
  } catch (error) {
    tell(error);
    process.exitCode = 1;
  }
}
