import { valueInWords, type Field, type FieldValue } from '../../harness/fields.ts';
import { RUN_FIELD_GROUPS, RUN_FIELDS, type RunSettings } from '../../rationalize/settings.ts';

/** A run's settings in the order of the steps that they govern, each with its field. */
export const SETTING_GROUPS: readonly {
  title: string;
  fields: { key: keyof RunSettings; field: Field }[];
}[] = RUN_FIELD_GROUPS.map(({ title, keys }) => ({
  title,
  fields: keys.map((key) => ({ key, field: RUN_FIELDS[key] })),
}));

/** The name that a setting goes by everywhere on the page. */
export function settingLabel(key: keyof RunSettings): string {
  return RUN_FIELDS[key].label;
}

/** A setting's value as its form writes it. */
export function settingValue(key: keyof RunSettings, value: FieldValue): string {
  return valueInWords(RUN_FIELDS[key], value);
}
