/**
 * `npm run link -- encode --run-json FILE`, `npm run link -- decode LINK --json FILE`: an experiment as a link, and back,
 * without a page.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadLab } from '../src/labs/registry.ts';
import type { LabJson } from '../src/labs/lab-json.ts';
import type { Results } from '../src/rationalize/results.ts';
import { fillLink, type Told } from '../src/share/filling.ts';
import { experimentOf } from '../src/share/link.ts';
import { experimentOfLab, fingerprintsOfLab, settingsOfLab } from '../src/share/of-lab.ts';
import { experimentOfRun, fingerprintsOfRun, runFacts, settingsOfRun } from '../src/share/of-run.ts';
import { print, tell } from './terminal.ts';

const USAGE = `npm run link -- encode --run-json FILE [--title TEXT] [--note TEXT]
  prints the link of a run or a lab: FILE is what npm run rationalize or npm run lab wrote with --json
npm run link -- decode LINK [--json FILE]
  prints what a link holds; --json writes its seed, settings and metrics (shares 0–1)`;

const VERSION = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;

/** Whoever made the file, its parts are checked as a link's are. */
type Found = Partial<Results> & Partial<LabJson>;

async function toldBy(file: string): Promise<Told> {
  const found = JSON.parse(readFileSync(file, 'utf8')) as Found | null;
  if (found?.lab !== undefined && found.result && found.data) {
    const results = found as LabJson;
    const lab = await loadLab(results.lab);
    return {
      experiment: experimentOfLab(results, lab.fields, VERSION),
      says: lab.says(results.result, results.settings),
      fingerprints: fingerprintsOfLab(results),
      blocks: lab.report(results.result, results.settings),
    };
  }
  if (found?.before && found.remap && found.rounds && found.model && found.settings) {
    const results = found as Results;
    const lab = await loadLab('self-rationalization');
    return {
      experiment: experimentOfRun(runFacts(results), VERSION),
      says: lab.says(results, results.settings),
      fingerprints: fingerprintsOfRun(results),
      blocks: lab.report(results, results.settings),
    };
  }
  throw new TypeError(`${file} was written neither by npm run rationalize nor by npm run lab with --json.`);
}

async function decoded(link: string) {
  const experiment = experimentOf(link);
  const settings =
    experiment.kind === 'lab'
      ? settingsOfLab(experiment, (await loadLab(experiment.lab!)).fields)
      : settingsOfRun(experiment);
  return { ...experiment, seed: (settings as { seed?: number }).seed, settings };
}

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      'run-json': { type: 'string' },
      title: { type: 'string' },
      note: { type: 'string' },
      json: { type: 'string' },
    },
    allowPositionals: true,
  });
  const [command, link] = positionals;
  if (command === 'encode' && values['run-json'] !== undefined) {
    const { title, note } = values;
    const told = await toldBy(values['run-json']);
    const experiment = { ...told.experiment, ...(title && { title }), ...(note && { note }) };
    print(fillLink({ ...told, experiment }).link);
  } else if (command === 'decode' && link !== undefined) {
    const text = JSON.stringify(await decoded(link), null, 2);
    if (values.json) writeFileSync(values.json, `${text}\n`);
    else print(text);
  } else {
    console.log(USAGE);
    process.exitCode = 2;
  }
}

try {
  await run();
} catch (error) {
  tell(error);
  process.exitCode = 1;
}
