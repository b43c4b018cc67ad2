import * as v from 'valibot';
import type { Project } from '../../store/project.ts';
import { ProjectSchema } from '../../store/record-schemas.ts';
import { parseStrictJson } from '../../model/formats/strict-json.ts';
import { BundleError } from './bundle-error.ts';

/** What a bundle says of itself: the first thing that is read of it, and the last that is written. */
export const MANIFEST = 'manifest.json';
export const FORMAT = 'judge-playground bundle';
/** Of the layout. A change that older pages could not read makes it one more. */
export const FORMAT_VERSION = 1;

/** One file of the bundle. */
export interface EntryFacts {
  path: string;
  /** 64 hex digits. */
  sha256: string;
  bytes: number;
  /** Lines; null for weights. */
  records: number | null;
}

export interface Manifest {
  format: typeof FORMAT;
  version: number;
  /** Of the page that wrote it. */
  appVersion: string;
  /** When, in milliseconds since 1970. */
  made: number;
  project: Project;
  entries: EntryFacts[];
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const text = (most: number) => v.pipe(v.string(), v.maxLength(most));

const Version1 = v.object({
  format: v.literal(FORMAT),
  version: v.literal(1),
  appVersion: text(40),
  made: v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15)),
  project: ProjectSchema,
  entries: v.array(
    v.object({
      path: text(200),
      sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
      bytes: count,
      records: v.nullable(count),
    }),
  ),
});

/** The reader of each version; one that was released stays. */
const VERSIONS = new Map<unknown, v.GenericSchema>([[1, Version1]]);

/** @throws BundleError */
export function readManifest(json: string): Manifest {
  let value: unknown;
  try {
    value = parseStrictJson(json);
  } catch (cause) {
    throw new BundleError(`Its ${MANIFEST} cannot be read.`, { cause });
  }
  const { format, version } = (value ?? {}) as Record<string, unknown>;
  if (format !== FORMAT) throw new BundleError(`Its ${MANIFEST} is not that of a project.`);
  if (typeof version === 'number' && version > FORMAT_VERSION)
    throw new BundleError(
      'It was saved by a newer version of this page. Reload the page to get that version.',
    );
  const schema = VERSIONS.get(version);
  const parsed = schema && v.safeParse(schema, value);
  if (!parsed?.success) {
    const where = parsed && v.getDotPath(parsed.issues[0]);
    throw new BundleError(`Its ${MANIFEST} is damaged${where ? `, at ${where.slice(0, 100)}` : ''}.`);
  }
  return parsed.output as Manifest;
}
