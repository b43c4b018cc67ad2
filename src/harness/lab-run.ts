import type { FieldValues } from './fields.ts';
import type { DeviceUsed } from './devices-used.ts';
import type { VersionUsed } from './versions-used.ts';
import type { RecordedLoss } from './recovery.ts';
import type { Exhibit } from './report.ts';

/** What a lab found: numbers that JSON carries whole, and the records behind the marks of its pictures. */
export interface LabOutcome<Result extends object = object> {
  result: Result;
  /** By the name that marks open. Not part of the JSON. */
  exhibits?: Readonly<Record<string, readonly Exhibit[]>>;
}

/** What a reader's own items are called there, whose names may be many. */
export const OWN_ITEMS = 'own items';

/** Which data a result rests on. */
export interface DataFacts {
  /** In words: "built-in micro tasks", or a file's name. */
  name: string;
  /** First 16 hex digits of a SHA-256 over the content. */
  hash: string;
  /** Rows or items. */
  size: number;
}

/** The judge that was asked, and how it grades. */
export interface JudgeFacts {
  name: string;
  hash: string;
  backend: string;
  protocol: string;
}

/** A judge by the name that a person knows it by, and the hash of its policy. */
export interface NamedPolicy {
  name: string;
  policy: string;
}

/** One run of a lab: everything that decides what it does, and what it found. */
export interface LabRun {
  id: string;
  projectId: string;
  /** Two words. */
  name: string;
  /** Id of the lab. */
  lab: string;
  settings: FieldValues;
  /** null where only stored verdicts are looked at. */
  judge: JudgeFacts | null;
  /** Judges that were asked beside the open one: trained from it, by name and policy hash. */
  others?: readonly NamedPolicy[];
  data: DataFacts;
  created: number;
  /** When it was put into the bin. */
  deleted?: number;
  /** What it ran on, in order; runs from before this was recorded have none. */
  devices?: readonly DeviceUsed[];
  /** Which versions of the app worked on it, in order; runs from before this was recorded have none. */
  versions?: readonly VersionUsed[];
  /** How often its engine was lost, and how. */
  losses?: readonly RecordedLoss[];
  /** null until the run has ended. */
  outcome: LabOutcome | null;
}
