/**
 * `npm run rationalize -- --rounds 2 --items 500 --samples 8 --backend wasm --seed 1 --json out.json`
 * Self-Rationalization headless: the page's own modules in Chromium. Progress goes to stderr, the table to stdout.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Results } from '../src/rationalize/results.ts';
import type { RationalizeArgs } from './entries/rationalize.ts';
import { costsOf, tableOf } from './rationalize-table.ts';
import { runInChromium } from './run-in-chromium.ts';
import { tell } from './terminal.ts';

const USAGE = `npm run rationalize -- [options]
  --preset NAME         quick, standard (default) or thorough; the options below change it
  --rounds N            rounds
  --items N             training items in each round
  --samples N           rationales of each item
  --heldout-items N     held-out items that results are measured on
  --seed N              varies item draw, sampling, pairing and order
  --set NAME=VALUE      any other setting, e.g. --set beta=0.2 (repeatable)
  --backend NAME        wasm (default) or webgpu
  --model URL           model folder, ending in / (default: the embedded judge)
  --data FILE           your own items (JSONL, JSON, CSV) instead of the built-in micro tasks
  --heldout FILE        your own held-out items; without it, --data is split by instruction
  --json FILE           writes all results
  --folder FOLDER       keeps the work there; the same command continues an interrupted run`;

const { values } = parseArgs({
  options: {
    preset: { type: 'string', default: 'standard' },
    rounds: { type: 'string' },
    items: { type: 'string' },
    samples: { type: 'string' },
    'heldout-items': { type: 'string' },
    seed: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
    backend: { type: 'string', default: 'wasm' },
    model: { type: 'string' },
    data: { type: 'string' },
    heldout: { type: 'string' },
    json: { type: 'string' },
    folder: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** Settings that the options name; numbers where they look like numbers, checked by the app itself. */
function changes(): Record<string, unknown> {
  const named = {
    rounds: values.rounds,
    itemsPerRound: values.items,
    samples: values.samples,
    heldoutItems: values['heldout-items'],
    seed: values.seed,
  };
  const assignments = values.set.map((text) => text.split('=', 2) as [string, string | undefined]);
  const given = [...Object.entries(named), ...assignments].filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [name, Number.isNaN(Number(value)) ? value : Number(value)]),
  );
}

const TEMPORARY = `test-results/rationalize-${process.pid}`;
const folder = values.folder ?? TEMPORARY;

/** The page reads the user's files from the work folder. */
function handOver(file: string | undefined, part: string): string | null {
  if (file === undefined) return null;
  const name = `${part}-${basename(file)}`;
  copyFileSync(file, join(folder, name));
  return name;
}

/** IndexedDB belongs to an origin: the same folder gets the same port. */
const portOf = (text: string) =>
  20_000 + (createHash('sha256').update(resolve(text)).digest().readUInt32LE() % 20_000);

async function run(): Promise<Results> {
  mkdirSync(folder, { recursive: true });
  const args: RationalizeArgs = {
    preset: values.preset,
    changes: changes(),
    backend: values.backend,
    model: values.model ?? null,
    data: handOver(values.data, 'data'),
    heldout: handOver(values.heldout, 'heldout'),
    keep: values.folder !== undefined,
  };
  return (await runInChromium({
    entry: '/scripts/entries/rationalize.ts',
    args,
    files: folder,
    onLog: tell,
    ...(values.folder ? { profile: join(folder, 'profile'), port: portOf(folder) } : {}),
  })) as Results;
}

if (values.help) {
  console.log(USAGE);
} else {
  try {
    const results = await run();
    if (values.json) writeFileSync(values.json, JSON.stringify(results, null, 2) + '\n');
    console.log(`${tableOf(results)}\n\n${costsOf(results)}`);
  } catch (error) {
    tell(error);
    process.exitCode = 1;
  } finally {
    rmSync(TEMPORARY, { recursive: true, force: true });
  }
}
