/**
 * `npm run results:labs`: runs every lab with its default settings on the embedded judge, analyses the verdicts that
 * ship, and writes docs/results/labs.md. A lab whose JSON stands in the work folder is not run again unless its defaults have
 * changed, so the command can be stopped and continued; delete the folder to measure anew.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultsOf, differenceOf } from '../src/harness/fields.ts';
import type { Lab } from '../src/labs/lab.ts';
import { LAB_IDS, loadLab } from '../src/labs/registry.ts';
import { ensureChromium } from './chromium.ts';
import { labsDocument, type LabResults, type TimedLab } from './lab/labs-document.ts';
import { labOfJudge } from './lab/of-judge.ts';
import { labOfVerdicts } from './lab/of-verdicts.ts';

const { values } = parseArgs({ options: { folder: { type: 'string', default: 'work/labs' } } });
const DOCUMENT = 'docs/results/labs.md';

/** The lab's run in the work folder, if it is one with the settings of today. */
function knownRun(lab: Lab, file: string): TimedLab | null {
  if (!existsSync(file)) return null;
  const run = JSON.parse(readFileSync(file, 'utf8')) as TimedLab;
  const changed = differenceOf({ ...defaultsOf(lab.fields), ...run.settings }, defaultsOf(lab.fields));
  if (changed.length === 0) return run;
  console.error(`${lab.title} runs again: its defaults changed (${changed.join(', ')}).`);
  return null;
}

async function measure(lab: Lab): Promise<TimedLab> {
  const file = join(values.folder, `${lab.id}.json`);
  const known = knownRun(lab, file);
  if (known) return known;
  const start = performance.now();
  const json = await labOfJudge(lab, {}, { backend: 'wasm' });
  const run = { ...json, seconds: (performance.now() - start) / 1000, load: loadavg()[0] ?? 0 };
  // Written whole or not at all.
  writeFileSync(`${file}.part`, `${JSON.stringify(run, null, 2)}\n`);
  renameSync(`${file}.part`, file);
  return run;
}

async function resultsOf(id: string): Promise<LabResults> {
  const lab = await loadLab(id);
  const released = lab.released ? await labOfVerdicts(lab, {}, 'released') : null;
  return { lab, run: await measure(lab), released };
}

mkdirSync(values.folder, { recursive: true });
const results: LabResults[] = [];
for (const id of LAB_IDS) results.push(await resultsOf(id));
const chromium = spawnSync(ensureChromium(), ['--version'], { encoding: 'utf8' }).stdout.trim();
writeFileSync(DOCUMENT, labsDocument(results, `${chromium}, ${cpus().length} CPU cores`));
// The document follows the repository's formatting, like everything that is written by hand.
spawnSync('npx', ['prettier', '--write', DOCUMENT], { stdio: 'inherit' });
