import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { LabRun } from '../../src/harness/lab-run.ts';
import { readTexts } from '../../src/harness/fields.ts';
import { LabNeedsError, type Lab } from '../../src/labs/lab.ts';
import type { LabArgs } from '../entries/lab.ts';
import { runInChromium } from '../run-in-chromium.ts';
import type { LabJson } from '../../src/labs/lab-json.ts';
import { tell } from '../terminal.ts';

interface Options {
  backend?: string;
  model?: string;
  data?: string;
  folder?: string;
}

/** IndexedDB belongs to an origin: the same folder gets the same port. */
const portOf = (text: string) =>
  20_000 + (createHash('sha256').update(resolve(text)).digest().readUInt32LE() % 20_000);

/** A lab by the judge, in headless Chromium. Bad settings are refused before anything is opened. */
export async function labOfJudge(
  lab: Lab,
  settings: Record<string, string>,
  { backend = 'wasm', model, data, folder }: Options,
): Promise<LabJson> {
  readTexts(lab.fields, settings);
  if (data !== undefined && !lab.needs.ownItems)
    throw new LabNeedsError(
      `${lab.title} works on questions of its own; leave --data out, or bring --verdicts.`,
    );
  const temporary = `test-results/lab-${process.pid}`;
  const files = folder ?? temporary;
  mkdirSync(files, { recursive: true });
  const local = model !== undefined && existsSync(model) ? basename(model) : null;
  const args: LabArgs = {
    lab: lab.id,
    settings,
    backend,
    model: local === null ? (model ?? null) : null,
    local,
    data: data === undefined ? null : handOver(data, files),
    keep: folder !== undefined,
  };
  try {
    const run = (await runInChromium({
      entry: '/scripts/entries/lab.ts',
      args,
      files,
      onLog: tell,
      ...(local !== null && model !== undefined && { folders: { model } }),
      ...(folder && { profile: join(folder, 'profile'), port: portOf(folder) }),
    })) as LabRun;
    const { settings: checked, judge, data: facts, outcome } = run;
    return { lab: lab.id, settings: checked, judge, data: facts, result: outcome!.result };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The page reads the user's file from the work folder. */
function handOver(file: string, folder: string): string {
  const name = `data-${basename(file)}`;
  copyFileSync(file, join(folder, name));
  return name;
}
