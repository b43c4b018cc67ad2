/**
 * `npm run soak [-- --only headless|page|webgpu] [--folder FOLDER]`: works for a long time in one page and looks whether
 * memory stays flat; writes docs/results/soak.md. A part whose JSON stands in the work folder is not run again, so the command
 * can be stopped and continued; delete the folder to measure anew. Its log is soak.log in that folder. Ends with 1 where
 * something grew.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { ensureChromium } from './chromium.ts';
import { chartsSvg } from './soak/chart.ts';
import { pictureOf, soakDocument } from './soak/document.ts';
import { soakHeadless } from './soak/headless-part.ts';
import { soakPage } from './soak/page-part.ts';
import { AMOUNTS, PARTS, type PartName, type PartResult } from './soak/part.ts';
import { growthsOf, measuresOf } from './soak/verdict.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    folder: { type: 'string', default: 'work/soak' },
  },
});
const RESULTS = 'docs/results';
const DOCUMENT = join(RESULTS, 'soak.md');

function log(line: string): void {
  console.log(line);
  appendFileSync(join(values.folder, 'soak.log'), `${new Date().toISOString()} ${line}\n`);
}

const fileOf = (part: PartName) => join(values.folder, `${part}.json`);

/** The part in the work folder, if it is one of as much work as today. */
function knownPart(part: PartName): PartResult | null {
  const file = fileOf(part);
  if (!existsSync(file)) return null;
  const result = JSON.parse(readFileSync(file, 'utf8')) as PartResult;
  return isDeepStrictEqual(result.amount, AMOUNTS[part]) ? result : null;
}

async function measure(part: PartName): Promise<void> {
  const work = join(values.folder, part);
  mkdirSync(work, { recursive: true });
  const amount = AMOUNTS[part];
  const result =
    part === 'page' ? await soakPage(amount, work, log) : await soakHeadless(part, amount, work, log);
  // Written whole or not at all.
  writeFileSync(`${fileOf(part)}.part`, `${JSON.stringify(result, null, 2)}\n`);
  renameSync(`${fileOf(part)}.part`, fileOf(part));
}

function checkParts(only: string | undefined): readonly PartName[] {
  if (only === undefined) return PARTS;
  const found = PARTS.find((part) => part === only);
  if (!found) throw new RangeError(`There is no part "${only}"; there are ${PARTS.join(', ')}.`);
  return [found];
}

function writePictures({ part, runs, judges }: PartResult): void {
  const names = measuresOf(runs);
  writeFileSync(join(RESULTS, pictureOf(part, 'runs')), chartsSvg(runs, names, 'run'));
  if (judges.length > 0)
    writeFileSync(join(RESULTS, pictureOf(part, 'judges')), chartsSvg(judges, names, 'lap'));
}

mkdirSync(values.folder, { recursive: true });
for (const part of checkParts(values.only)) if (!knownPart(part)) await measure(part);
const results = PARTS.flatMap((part) => knownPart(part) ?? []);
results.forEach(writePictures);
const chromium = spawnSync(ensureChromium(), ['--version'], { encoding: 'utf8' }).stdout.trim();
writeFileSync(DOCUMENT, soakDocument(results, `${chromium}, ${cpus().length} CPU cores`));
// The document follows the repository's formatting, like everything that is written by hand.
spawnSync('npx', ['prettier', '--write', DOCUMENT], { stdio: 'inherit' });
const grown = results.flatMap(growthsOf);
log(grown.length === 0 ? 'Nothing grew.' : grown.join('\n'));
if (grown.length > 0) process.exitCode = 1;
