import { ownName } from '../harness/own-name.ts';
import * as v from 'valibot';

/**
 * What a stored model consists of. It is written before the first byte of the model, so that a download can go on after
 * a reload, and so that half a model is known to be half: a file bears its name only once its hash was found right.
 */
const ManifestSchema = v.object({
  /** "organisation/repository", or with the file's name behind it for a GGUF. */
  name: v.string(),
  repository: v.string(),
  revision: v.string(),
  licence: v.nullable(v.string()),
  files: v.array(
    v.object({
      path: v.pipe(v.string(), v.regex(/^(?!\.{1,2}$)[^/\\]+$/)),
      bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      hash: v.object({ algorithm: v.picklist(['sha256', 'git-blob']), hex: v.string() }),
    }),
  ),
});

export type ModelManifest = v.InferOutput<typeof ManifestSchema>;
export type ManifestFile = ModelManifest['files'][number];

export const MANIFEST = 'manifest.json';
/** A file that is still arriving, or whose hash was not checked yet. */
export const partName = (path: string): string => `${path}.part`;
/** Folder of all models, below the origin's root. */
export const MODELS = encodeURIComponent(ownName('models'));
/** Folder of a model in it: a name may hold a slash, a folder's may not. */
export const folderName = (name: string): string => encodeURIComponent(name);

export const totalBytes = (manifest: ModelManifest): number =>
  manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);

/** Thrown for a manifest that is none, for example because the page was closed while it was written. */
export class ManifestError extends Error {
  override name = 'ManifestError';
  constructor(options?: ErrorOptions) {
    super('What is stored of this model cannot be read. Delete it and download it again.', options);
  }
}

/** @throws ManifestError */
export function readManifest(text: string): ModelManifest {
  try {
    return v.parse(ManifestSchema, JSON.parse(text));
  } catch (cause) {
    throw new ManifestError({ cause });
  }
}
