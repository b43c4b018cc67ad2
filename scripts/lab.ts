/**
 * `npm run lab -- <id> [--model …] [--data …] [--verdicts …] [--<setting> …] --json FILE --markdown FILE`
 * Any lab, headless, by the code that the page runs. Progress goes to stderr, the report as Markdown to stdout.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadLab, LAB_IDS } from '../src/labs/registry.ts';
import type { Lab } from '../src/labs/lab.ts';
import { kebab } from '../src/harness/fields.ts';
import { reportOfLab, type LabJson } from '../src/labs/lab-json.ts';
import { labOfJudge } from './lab/of-judge.ts';
import { labOfVerdicts } from './lab/of-verdicts.ts';
import { tell } from './terminal.ts';

const USAGE = `npm run lab -- <id> [options]
  --list            prints the ids of all labs
  --backend NAME    wasm (default) or webgpu
  --model PATH      model folder or .gguf file of this machine, or a folder's URL ending in / (default: the embedded judge)
  --data FILE       your own items (JSONL, JSON, CSV) instead of the built-in ones
  --verdicts FILE   verdicts to analyse instead of asking a judge: CSV or JSONL with the columns
                    item, group, judge, taker, order, variant, verdict, label; "released" takes those that ship
  --json FILE       writes lab, settings, judge, data and result
  --markdown FILE   writes the report (it is printed as well)
  --folder FOLDER   keeps the work there; the same command continues an interrupted run`;

const OWN_OPTIONS = ['backend', 'model', 'data', 'verdicts', 'json', 'markdown', 'folder'] as const;

/** One option for each setting, by its name in kebab case. */
function settingsUsage(lab: Lab): string {
  const lines = Object.entries(lab.fields).map(([key, { label, hint, default: value }]) => {
    return `  --${kebab(key).padEnd(22)} ${label}: ${hint} (default ${value})`;
  });
  return `Settings of ${lab.id}:\n${lines.join('\n')}`;
}

/** @throws TypeError that names what there is instead of an option that there is not */
function parsed(args: readonly string[], options: Record<string, { type: 'string' }>, lab: Lab) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    const what = cause instanceof Error ? cause.message.split('. ')[0]! : String(cause);
    const known = [...OWN_OPTIONS, ...Object.keys(lab.fields).map(kebab)].map((name) => `--${name}`);
    throw new TypeError(`${what}. There are ${known.join(', ')}.`, { cause });
  }
}

/** Options of the command and settings of the lab, told apart. @throws TypeError for an option that there is not */
function readArguments(lab: Lab, args: readonly string[]) {
  const names = Object.keys(lab.fields).flatMap((key) => [key, kebab(key)]);
  const options = Object.fromEntries([...OWN_OPTIONS, ...names].map((name) => [name, { type: 'string' as const }])); // prettier-ignore
  const { values } = parsed(args, options, lab);
  const own = new Set<string>(OWN_OPTIONS);
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    options: Object.fromEntries(given.filter(([name]) => own.has(name))) as Partial<
      Record<(typeof OWN_OPTIONS)[number], string>
    >,
    settings: Object.fromEntries(given.filter(([name]) => !own.has(name))),
  };
}

async function run(id: string, args: readonly string[]): Promise<void> {
  const lab = await loadLab(id);
  if (args.includes('--help')) {
    console.log(`${USAGE}\n\n${settingsUsage(lab)}`);
    return;
  }
  const { options, settings } = readArguments(lab, args);
  const json: LabJson = options.verdicts
    ? await labOfVerdicts(lab, settings, options.verdicts)
    : await labOfJudge(lab, settings, options);
  const report = reportOfLab(lab, json);
  if (options.json) writeFileSync(options.json, `${JSON.stringify(json, null, 2)}\n`);
  if (options.markdown) writeFileSync(options.markdown, `${report}\n`);
  console.log(report);
}

const args = process.argv.slice(2);
const id = args.find((arg) => !arg.startsWith('-'));
if (args.includes('--list')) {
  console.log(LAB_IDS.join('\n'));
} else if (id === undefined || args[0]?.startsWith('-')) {
  console.log(`${USAGE}\n\nLabs: ${LAB_IDS.join(', ')}`);
  process.exitCode = args.includes('--help') ? 0 : 2;
} else {
  try {
    await run(id, args);
  } catch (error) {
    tell(error);
    process.exitCode = 1;
  }
}
