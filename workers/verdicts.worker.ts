/**
 * Files of verdicts are read and analysed here, away from the page: 40,000 rows would freeze it for seconds. Of an error its
 * name and message arrive there.
 */
import './lockdown.ts';
import { expose } from 'comlink';
import { leftOutTable } from '../src/data/export/left-out.ts';
import { shortened, type ImportProblem, type LeftOutRow } from '../src/data/import/errors.ts';
import { checkFileSize } from '../src/data/import/limits.ts';
import { readVerdictTable } from '../src/data/import/verdict-table.ts';
import type { FieldValues } from '../src/harness/fields.ts';
import type { DataFacts, LabOutcome } from '../src/harness/lab-run.ts';
import { loadLab } from '../src/labs/registry.ts';
import { analyseVerdicts } from '../src/labs/run-lab.ts';

/** What a lab found in a file, and which rows and columns of the file it did not read. */
export interface AnalysedFile {
  settings: FieldValues;
  data: DataFacts;
  outcome: LabOutcome;
  ignored: string[];
  /** null where every row is a verdict. */
  leftOut: LeftOut | null;
}

/** Rows that are no verdicts. */
export interface LeftOut {
  count: number;
  /** The first of them, and how many more there are. */
  problems: readonly ImportProblem[];
  /** All of them as a CSV of line, reason and text. */
  file: Blob;
}

const verdictWork = {
  /** @throws ImportError, VerdictsError, SettingsError, UnknownLabError */
  async analyse(labId: string, file: File, settings: FieldValues): Promise<AnalysedFile> {
    const lab = await loadLab(labId);
    checkFileSize(file.size);
    const { rows, ignored, leftOut } = readVerdictTable(await file.text(), file.name);
    return {
      ...analyseVerdicts(lab, rows, settings, file.name),
      ignored,
      leftOut: leftOut.length > 0 ? describe(leftOut) : null,
    };
  },
};

function describe(rows: readonly LeftOutRow[]): LeftOut {
  return {
    count: rows.length,
    problems: shortened(rows),
    file: new Blob([leftOutTable(rows)], { type: 'text/csv' }),
  };
}

export type VerdictWork = typeof verdictWork;

expose(verdictWork);
