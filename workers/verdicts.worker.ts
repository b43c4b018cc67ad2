/**
 * Files of verdicts are read and analysed here, away from the page: 40,000 rows would freeze it for seconds. Of an error its
 * name and message arrive there.
 */
import './lockdown.ts';
import { expose } from 'comlink';
import { readVerdictTable } from '../src/data/import/verdict-table.ts';
import type { FieldValues } from '../src/harness/fields.ts';
import type { DataFacts, LabOutcome } from '../src/harness/lab-run.ts';
import { loadLab } from '../src/labs/registry.ts';
import { analyseVerdicts } from '../src/labs/run-lab.ts';

/** What a lab found in a file, and which columns of the file it did not read. */
export interface AnalysedFile {
  settings: FieldValues;
  data: DataFacts;
  outcome: LabOutcome;
  ignored: string[];
}

const verdictWork = {
  /** @throws ImportError, VerdictsError, SettingsError, UnknownLabError */
  async analyse(labId: string, file: File, settings: FieldValues): Promise<AnalysedFile> {
    const lab = await loadLab(labId);
    const { rows, ignored } = readVerdictTable(await file.text(), file.name);
    return { ...analyseVerdicts(lab, rows, settings, file.name), ignored };
  },
};

export type VerdictWork = typeof verdictWork;

expose(verdictWork);
