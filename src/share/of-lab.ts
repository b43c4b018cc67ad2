import { MICRO_VERSION } from '../data/micro/items.ts';
import { changesOf, readTexts, SETTINGS_VERSION, type Fields, type FieldValues } from '../harness/fields.ts';
import { fingerprint } from '../harness/fingerprint.ts';
import type { DataFacts, JudgeFacts } from '../harness/lab-run.ts';
import type { Results } from '../rationalize/results.ts';
import type { Experiment } from './experiment.ts';
import { numbersOf } from './numbers.ts';
import { fingerprintsOfRun, KEPT, metricsOfRun } from './of-run.ts';

/** A lab's run as `npm run lab` writes it and the page saves it. */
export interface LabResults {
  lab: string;
  settings: FieldValues;
  judge: JudgeFacts | null;
  data: DataFacts;
  result: object;
}

/** @param fields of the lab @param app version that makes the link */
export function experimentOfLab(results: LabResults, fields: Fields, app: string): Experiment {
  const { lab, judge, data, settings, result } = results;
  const isRun = lab === 'self-rationalization';
  return {
    kind: 'lab',
    lab,
    app,
    numbers: { settings: SETTINGS_VERSION, items: MICRO_VERSION },
    settings: changesOf(fields, settings),
    model: judge && {
      name: judge.name,
      hash: judge.hash,
      backend: judge.backend === 'webgpu' ? 'webgpu' : 'wasm',
      protocol: judge.protocol,
    },
    data,
    metrics: isRun ? metricsOfRun(result as Results) : (numbersOf(result, KEPT) ?? {}),
  };
}

/** A lab's stages. The result is made of all verdicts: its last bits change with any of them. */
export const fingerprintsOfLab = ({ lab, result }: LabResults): Record<string, string> =>
  lab === 'self-rationalization' ? fingerprintsOfRun(result as Results) : { result: fingerprint([result]) };

/** All its settings, defaults filled in. @throws SettingsError */
export const settingsOfLab = ({ settings }: Experiment, fields: Fields): FieldValues =>
  readTexts(fields, settings);
