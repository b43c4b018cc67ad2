import {
  readTexts,
  valueInWords,
  type FieldValue,
  type Fields,
  type FieldValues,
} from '../../../harness/fields.ts';
import type { Lab } from '../../../labs/lab.ts';
import { checkSettings, RUN_FIELDS } from '../../../rationalize/settings.ts';
import { ownDataOf, type Experiment } from '../../../share/experiment.ts';
import { contentOf } from '../../../share/link.ts';
import type { Lesson } from '../../../share/lesson.ts';
import { settingsOfJudgment } from '../../../share/of-judgment.ts';
import { settingsOfLab } from '../../../share/of-lab.ts';
import { settingsOfRun } from '../../../share/of-run.ts';
import { MissingItems } from './missing-items.svelte.ts';
import { fieldsOf, labOf, titleOf } from './shared-fields.ts';

/** A setting that its author changed, in words. */
export interface ChangedSetting {
  label: string;
  value: string;
}

/** What somebody shared, as it came: nothing of it was run, fetched or stored here. */
export interface Shared {
  link: string;
  experiment: Experiment;
  lab: Lab | null;
  title: string;
  /** All of them, defaults filled in. */
  settings: FieldValues;
  changed: ChangedSetting[];
  /** Its author's own items, where the link does not hold them. */
  missing: MissingItems | null;
}

/** A teacher's link, as it came. */
export interface SharedLesson {
  link: string;
  lesson: Lesson;
  lab: Lab | null;
}

/** Opens a link, or a text that holds one. @throws LinkError, SettingsError, UnknownLabError */
export async function openShared(text: string): Promise<Shared | SharedLesson> {
  const experiment = contentOf(text);
  if (experiment.kind === 'lesson') {
    const lab = await labOf(experiment);
    // What cannot be taken is said now, not when the lesson has begun.
    readTexts(lab?.fields ?? RUN_FIELDS, experiment.settings);
    return { link: text, lesson: experiment, lab };
  }
  const lab = await labOf(experiment);
  const settings = settingsOf(experiment, lab);
  const fields = fieldsOf(experiment, lab);
  const own = ownDataOf(experiment);
  return {
    link: text,
    experiment,
    lab,
    title: titleOf(experiment, lab),
    settings,
    changed: changedSettings(experiment, fields, settings),
    missing: own && !own.items ? new MissingItems(own) : null,
  };
}

function settingsOf(experiment: Experiment, lab: Lab | null): FieldValues {
  if (lab) return settingsOfLab(experiment, lab.fields);
  return experiment.kind === 'run'
    ? checkSettings(settingsOfRun(experiment))
    : settingsOfJudgment(experiment);
}

function changedSettings({ settings }: Experiment, fields: Fields, values: FieldValues): ChangedSetting[] {
  return Object.keys(settings).flatMap((key) => {
    const field = fields[key];
    return field ? [{ label: field.label, value: valueInWords(field, values[key] as FieldValue) }] : [];
  });
}
