import type { StageCost } from '../harness/cost.ts';
import type { DeviceSpeed } from '../harness/device-speed.ts';
import { checkFields, type Fields, type FieldValues, type ValuesOf } from '../harness/fields.ts';
import type { DataFacts, LabOutcome, NamedPolicy } from '../harness/lab-run.ts';
import type { Block } from '../harness/report.ts';
import type { Workbench } from '../harness/workbench.ts';
import type { SplitItems } from '../judge/item.ts';
import type { VerdictRow } from '../judge/verdict-table.ts';
import type { RunEvent } from '../rationalize/events.ts';
import type { RunStore } from '../rationalize/run-store.ts';

/** The questions that the gallery is ordered by. */
export const LAB_GROUPS = {
  trust: 'Can I trust its verdicts?',
  sway: 'What sways it?',
  labels: 'How many labels do I need?',
  improve: 'Can it get better by itself?',
  doubt: "Where does it know that it doesn't know?",
} as const;
export type LabGroup = keyof typeof LAB_GROUPS;

/** What a lab works with. */
export interface LabBench extends Workbench<RunStore, RunEvent> {
  /** The open judge first; then those that were trained from it. */
  judges: readonly NamedPolicy[];
  /** The reader's own items, in their three parts; null: the lab's built-in ones. */
  items: SplitItems | null;
  /** The items of the built-in project: stored ones where it is open, otherwise generated. */
  builtInItems(): Promise<SplitItems>;
  /** Reads a text that ships with the app, by its path below public/data. */
  readReleased(path: string): Promise<string>;
  /** Names the lab's run; the same after a reload, so that a method with records of its own finds them again. */
  runId: string;
  projectId: string;
}

export interface LabPaper {
  title: string;
  authors: string;
  year: number;
  /** "2410.05495"; the address follows. */
  arxiv: string;
}

/** What must be there for a lab to run by the judge. */
export interface LabNeeds {
  /** What is judged, in words: "one answer at a time", "two answers". */
  subjects: string;
  /** Whether items must have labels. */
  labels: boolean;
  /** Whether it runs on the reader's own items, too; `subjects` then says what they must be. */
  ownItems: boolean;
  /** Training must be possible. */
  trainable?: boolean;
  /** The built-in exam is in the micro language, which only the embedded judge speaks. */
  microLanguage?: boolean;
}

/** Verdicts that came out with a paper: they open without any judge. */
export interface ReleasedVerdicts<Result extends object> {
  /** What they are, in words. */
  name: string;
  /** Where they come from, their licence, and how to get at the items behind the counts. */
  source: string;
  open(read: (path: string) => Promise<string>, settings: FieldValues): Promise<LabOutcome<Result>>;
  data(read: (path: string) => Promise<string>): Promise<DataFacts>;
}

/**
 * One published method, as a folder. Everything is typed by the lab's own fields and result inside; `defineLab` erases
 * that for those who run, show and write any lab.
 */
export interface LabDefinition<F extends Fields, Result extends object> {
  id: string;
  title: string;
  group: LabGroup;
  paper: LabPaper;
  /** What a student answers with it in three minutes. */
  question: string;
  /** What the method does and why, in a few sentences. */
  about: string;
  needs: LabNeeds;
  fields: F;
  /** The at most three settings that stand beside the button; the rest is under "All settings". */
  main: readonly (keyof F & string)[];
  presets?: Readonly<Record<string, { title: string; purpose: string; changes: Partial<ValuesOf<F>> }>>;
  /** What it will take on this device, stage by stage, before the click. */
  cost: (settings: ValuesOf<F>, speed: DeviceSpeed) => StageCost[];
  /**
   * Asks the judge for what the store does not hold yet, and analyses. Calling it again after an interruption goes on.
   * @throws AbortError when cancelled
   */
  run: (bench: LabBench, settings: ValuesOf<F>) => Promise<LabOutcome<Result>>;
  /** The built-in data that `run` works on where the reader brings none. */
  data: (settings: ValuesOf<F>) => DataFacts;
  /** Analyses verdicts that a file brought; left out where the method cannot work from verdicts alone. */
  analyse?: (rows: readonly VerdictRow[], settings: ValuesOf<F>) => LabOutcome<Result>;
  released?: ReleasedVerdicts<Result>;
  /** Pictures first, then tables. */
  report: (result: Result, settings: ValuesOf<F>) => Block[];
  /** What the paper found, in a sentence or two, in our words. */
  paperFound: string;
  /** What this judge shows, with the size of the sample; never more than the interval carries. */
  says: (result: Result, settings: ValuesOf<F>) => string;
}

/** A lab as everybody else sees it; settings are checked on their way in. */
export interface Lab extends Pick<
  LabDefinition<Fields, object>,
  'id' | 'title' | 'group' | 'paper' | 'question' | 'about' | 'needs' | 'fields' | 'main'
> {
  presets?: Readonly<Record<string, { title: string; purpose: string; changes: FieldValues }>>;
  paperFound: string;
  released?: ReleasedVerdicts<object>;
  /** @throws SettingsError, as all that take settings */
  check(settings: unknown): FieldValues;
  cost(settings: FieldValues, speed: DeviceSpeed): StageCost[];
  data(settings: FieldValues): DataFacts;
  run(bench: LabBench, settings: FieldValues): Promise<LabOutcome>;
  analyse?(rows: readonly VerdictRow[], settings: FieldValues): LabOutcome;
  report(result: object, settings: FieldValues): Block[];
  says(result: object, settings: FieldValues): string;
}

/** Thrown when the open judge, or the reader's items, are not what a lab can work with. */
export class LabNeedsError extends Error {
  override name = 'LabNeedsError';
}

/** Thrown when a file of verdicts lacks what a lab's analysis needs. */
export class VerdictsError extends Error {
  override name = 'VerdictsError';
}

/** A lab with its types erased. A result that comes back is one that this lab made: records name their lab. */
export function defineLab<const F extends Fields, Result extends object>(
  definition: LabDefinition<F, Result>,
): Lab {
  const { fields, presets, cost, data, run, analyse, report, says, released, ...facts } = definition;
  const check = (settings: unknown) => checkFields(fields, settings);
  return {
    ...facts,
    fields,
    // What a preset leaves out it does not have: an index signature cannot say so.
    ...(presets && { presets: presets as NonNullable<Lab['presets']> }),
    check,
    cost: (settings, speed) => cost(check(settings), speed),
    data: (settings) => data(check(settings)),
    run: (bench, settings) => run(bench, check(settings)),
    ...(analyse && { analyse: (rows, settings) => analyse(rows, check(settings)) }),
    ...(released && { released }),
    report: (result, settings) => report(result as Result, check(settings)),
    says: (result, settings) => says(result as Result, check(settings)),
  };
}
