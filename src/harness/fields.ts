import * as v from 'valibot';

/**
 * Numbers all settings of all methods, their defaults and what they mean. A link carries only what differs from the
 * defaults, so a change of one raises this number, and a link of another number says so before it is run again.
 */
export const SETTINGS_VERSION = 1;

/** What every setting says of itself; schema, form, command line, link and the difference of two runs follow. */
interface Named {
  label: string;
  /** What it does, in a sentence. */
  hint: string;
}

interface Numeric extends Named {
  default: number;
  least: number;
  most: number;
  /** The value of records from before the setting existed, where it is not required. */
  absent?: number;
}

export type CountField = Numeric & { kind: 'count' };
export type RealField = Numeric & { kind: 'real' };
export type ChoiceField<Option extends string = string> = Named & {
  kind: 'choice';
  default: Option;
  /** What each option is called. */
  options: Readonly<Record<Option, string>>;
};
export type TextField = Named & { kind: 'text'; default: string; longest: number };
export type Field = CountField | RealField | ChoiceField | TextField;

export type Fields = Readonly<Record<string, Field>>;
export type FieldValue = number | string;
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** The values that a set of fields takes. */
export type ValuesOf<F extends Fields> = { [Key in keyof F]: ValueOf<F[Key]> };

type ValueOf<F extends Field> =
  F extends ChoiceField<infer Option> ? Option : F extends TextField ? string : number;

/** A whole number. */
export const count = (field: Omit<CountField, 'kind'>): CountField => ({ kind: 'count', ...field });
/** What varies the draws; every method has one, by this name. */
export const seed = (hint: string): CountField =>
  count({ label: 'Seed', hint, default: 1, least: 0, most: 2 ** 31 - 1 });
export const real = (field: Omit<RealField, 'kind'>): RealField => ({ kind: 'real', ...field });
export const choice = <Option extends string>(
  field: Omit<ChoiceField<Option>, 'kind' | 'default'> & { default: NoInfer<Option> },
): ChoiceField<Option> => ({ kind: 'choice', ...field });
export const text = (field: Omit<TextField, 'kind'>): TextField => ({ kind: 'text', ...field });

/** Thrown for settings that cannot be run; the message lists every fault in words. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

/** Checks settings from a form, a file, a link or the command line. @throws SettingsError */
export function checkFields<F extends Fields>(fields: F, input: unknown): ValuesOf<F> {
  const result = v.safeParse(v.strictObject(schemaEntries(fields)), input);
  if (result.success) return result.output as ValuesOf<F>;
  throw new SettingsError(result.issues.map((issue) => issue.message).join(' '));
}

export function defaultsOf<F extends Fields>(fields: F): ValuesOf<F> {
  const entries = Object.entries(fields).map(([key, field]) => [key, field.default]);
  return Object.fromEntries(entries) as ValuesOf<F>;
}

/** Which settings differ, for showing two runs beside each other. */
export function differenceOf<Values extends object>(a: Values, b: Values): (keyof Values & string)[] {
  return (Object.keys(a) as (keyof Values & string)[]).filter((key) => a[key] !== b[key]);
}

/** The settings that differ from their defaults, as a link or a command line carries them. */
export function changesOf<F extends Fields>(fields: F, values: ValuesOf<F>): Record<string, string> {
  const changed = Object.entries(fields).filter(([key, field]) => values[key] !== field.default);
  return Object.fromEntries(changed.map(([key]) => [key, String(values[key])]));
}

/**
 * Settings from texts (a link's or a command line's), by key or in kebab case; what is not named keeps its default.
 * @throws SettingsError for a name that there is not and for a value that does not fit
 */
export function readTexts<F extends Fields>(
  fields: F,
  texts: Readonly<Record<string, string>>,
  start: ValuesOf<F> = defaultsOf(fields),
): ValuesOf<F> {
  const read = Object.entries(texts).map(([name, value]): [string, FieldValue] => {
    const key = Object.keys(fields).find((one) => one === name || kebab(one) === name);
    if (key === undefined)
      throw new SettingsError(
        `There is no setting "${name}"; there are ${Object.keys(fields).map(kebab).join(', ')}.`,
      );
    return [key, readValue(fields[key]!, value)];
  });
  return checkFields(fields, { ...start, ...Object.fromEntries(read) });
}

/** A setting's value as its form writes it. */
export function valueInWords(field: Field, value: FieldValue): string {
  return field.kind === 'choice' ? (field.options[value] ?? String(value)) : String(value);
}

/** heldoutItems → heldout-items */
export function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function readValue(field: Field, value: string): FieldValue {
  const numeric = field.kind === 'count' || field.kind === 'real';
  // + 0: a link to "-0" comes back as 0, the only zero that is shown.
  return numeric && value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) + 0 : value;
}

function schemaEntries(fields: Fields) {
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, schemaOf(field)]));
}

function schemaOf(field: Field) {
  // "Samples per item (N)": the symbol is for forms.
  const label = field.label.replace(/ \(\S+\)$/, '');
  switch (field.kind) {
    case 'choice':
      return v.picklist(
        Object.keys(field.options),
        `${label} must be ${Object.keys(field.options)
          .map((option) => `"${option}"`)
          .join(' or ')}.`,
      );
    case 'text':
      return v.pipe(
        v.string(`${label} must be a text.`),
        v.maxLength(field.longest, `${label} must have at most ${field.longest} characters.`),
      );
    case 'count':
    case 'real': {
      const range = v.pipe(
        v.number(`${label} must be a number.`),
        v.finite(`${label} must be a number.`),
        v.minValue(field.least, `${label} must be at least ${field.least}.`),
        v.maxValue(field.most, `${label} must be at most ${field.most}.`),
      );
      const whole =
        field.kind === 'count' ? v.pipe(range, v.integer(`${label} must be a whole number.`)) : range;
      return field.absent === undefined ? whole : v.optional(whole, field.absent);
    }
  }
}
