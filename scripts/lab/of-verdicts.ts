import { readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { leftOutInWords } from '../../src/data/import/errors.ts';
import { checkFileSize } from '../../src/data/import/limits.ts';
import { readVerdictTable } from '../../src/data/import/verdict-table.ts';
import { readTexts } from '../../src/harness/fields.ts';
import { VerdictsError, type Lab } from '../../src/labs/lab.ts';
import { analyseVerdicts, cannotAnalyse } from '../../src/labs/run-lab.ts';
import type { LabJson } from '../../src/labs/lab-json.ts';
import { tell } from '../terminal.ts';

/** Verdicts of a file, or those that ship with the app ("released"): no judge and no browser. */
export async function labOfVerdicts(lab: Lab, texts: Record<string, string>, file: string): Promise<LabJson> {
  const settings = readTexts(lab.fields, texts);
  if (file === 'released') return released(lab, settings);
  if (!lab.analyse) throw cannotAnalyse(lab);
  const { rows, leftOut, ignored } = readVerdictTable(readText(file), basename(file));
  for (const line of leftOutInWords(leftOut)) tell(line);
  if (ignored.length > 0) tell(`Columns that are not read: ${ignored.join(', ')}.`);
  const { data, outcome, settings: checked } = analyseVerdicts(lab, rows, settings, basename(file));
  return { lab: lab.id, settings: checked, judge: null, data, result: outcome.result };
}

function readText(file: string): string {
  const size = orRefuse(file, () => statSync(file).size);
  checkFileSize(size);
  return orRefuse(file, () => readFileSync(file, 'utf8'));
}

function orRefuse<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new VerdictsError(`${file} cannot be read; name a CSV or JSONL file, or "released".`, { cause });
  }
}

async function released(lab: Lab, settings: LabJson['settings']): Promise<LabJson> {
  if (!lab.released) throw new VerdictsError(`No verdicts ship for ${lab.title}.`);
  const read = async (path: string) => readFileSync(resolve('public/data', path), 'utf8');
  const { result } = await lab.released.open(read, settings);
  return { lab: lab.id, settings, judge: null, data: await lab.released.data(read), result };
}
