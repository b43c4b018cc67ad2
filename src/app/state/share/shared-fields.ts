import type { Fields } from '../../../harness/fields.ts';
import type { Lab } from '../../../labs/lab.ts';
import { loadLab } from '../../../labs/registry.ts';
import { RUN_FIELDS } from '../../../rationalize/settings.ts';
import type { Experiment } from '../../../share/experiment.ts';
import { JUDGMENT_FIELDS } from '../../../share/of-judgment.ts';

/** The lab of an experiment; null for a run or a judgment. @throws UnknownLabError */
export const labOf = async ({ lab }: { lab?: string }): Promise<Lab | null> =>
  lab === undefined ? null : loadLab(lab);

/** The settings that an experiment has. */
export function fieldsOf({ kind }: Experiment, lab: Lab | null): Fields {
  if (lab) return lab.fields;
  return kind === 'run' ? RUN_FIELDS : JUDGMENT_FIELDS;
}

/** What it is called where its author gave it no title. */
export function titleOf({ title, kind }: Pick<Experiment, 'title' | 'kind'>, lab: Lab | null): string {
  if (title !== undefined) return title;
  if (lab) return lab.title;
  return kind === 'run' ? 'A run of Self-Rationalization' : 'One answer, judged';
}
