import { HubApiError, listFiles, modelInfo } from '@huggingface/hub';
import * as v from 'valibot';

/**
 * What a file's bytes must hash to. Large files carry the SHA-256 of their content (Git LFS); the others Git's own name
 * for them: SHA-1 over "blob <size>\0" and the content.
 */
export interface FileHash {
  algorithm: 'sha256' | 'git-blob';
  hex: string;
}

export interface HubFile {
  path: string;
  bytes: number;
  hash: FileHash;
}

/** A repository of the hub at one commit, so that a download which goes on next week goes on with the same files. */
export interface HubModel {
  /** "organisation/repository" */
  name: string;
  /** Commit. */
  revision: string;
  /** As the repository names it ("apache-2.0"); null where it names none. */
  licence: string | null;
  /** Only for readers who signed in and accepted a licence; this page has no account, so it cannot download it. */
  gated: boolean;
  files: HubFile[];
}

/** A repository that could not be listed or downloaded, with what to do about it. */
export class HubError extends Error {
  override name = 'HubError';
}

const HUB = 'https://huggingface.co';
/** More files than any model has; a listing that goes on for ever ends here. */
const MOST_FILES = 10_000;

const Info = v.object({
  name: v.string(),
  gated: v.union([v.boolean(), v.string()]),
  sha: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
  cardData: v.optional(v.nullable(v.looseObject({ license: v.optional(v.unknown()) }))),
});

const bytes = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Entry = v.object({
  type: v.literal('file'),
  path: v.string(),
  size: bytes,
  oid: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
  lfs: v.optional(v.object({ oid: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)), size: bytes })),
});

/** "organisation/repository" from what somebody typed or pasted: a name, or the address of any of its pages. */
export function repositoryName(text: string): string {
  const path = text.trim().replace(/^(https?:\/\/)?(www\.)?(huggingface\.co|hf\.co)\//, '');
  const match = /^([\w.-]+\/[\w.-]+)(?:\/|\?|#|$)/.exec(path);
  if (!match) throw new HubError(`"${text.trim()}" is no repository. Write it as organisation/name.`);
  return match[1]!;
}

/**
 * Lists a model repository: its newest commit, or the one that is asked for, licence, and every file with size and hash.
 * @param revision 40 hex digits
 * @throws HubError when there is none of this name, the hub cannot be reached, or it answers with nonsense.
 */
export async function listHubModel(name: string, revision?: string): Promise<HubModel> {
  const info = await asked(name, async () =>
    v.parse(
      Info,
      await modelInfo({ name, additionalFields: ['sha', 'cardData'], ...(revision && { revision }) }),
    ),
  );
  const files = await asked(name, () => filesOf(info.name, info.sha));
  const licence = info.cardData?.license;
  return {
    name: info.name,
    revision: info.sha,
    licence: typeof licence === 'string' ? licence : null,
    gated: info.gated !== false,
    files,
  };
}

/** Where the hub serves a file; it redirects to one of the hosts that the page's policy names. */
export function hubFileUrl(name: string, revision: string, path: string): string {
  return `${HUB}/${name}/resolve/${revision}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

async function filesOf(name: string, revision: string): Promise<HubFile[]> {
  const files: HubFile[] = [];
  // Models lie at the top of their repository; folders below hold other forms of them (onnx/, original/).
  for await (const entry of listFiles({ repo: { type: 'model', name }, revision })) {
    if (entry.type !== 'file') continue;
    const { path, size, oid, lfs } = v.parse(Entry, entry);
    const hash: FileHash = lfs ? { algorithm: 'sha256', hex: lfs.oid } : { algorithm: 'git-blob', hex: oid };
    files.push({ path, bytes: lfs?.size ?? size, hash });
    if (files.length > MOST_FILES) throw new HubError(`${name} has more than ${MOST_FILES} files.`);
  }
  return files;
}

async function asked<T>(name: string, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (cause) {
    throw new HubError(inWords(name, cause), { cause });
  }
}

function inWords(name: string, cause: unknown): string {
  if (cause instanceof HubError) return cause.message;
  if (cause instanceof v.ValiError) return `The hub's answer about ${name} could not be read.`;
  if (!(cause instanceof HubApiError))
    return 'The Hugging Face hub cannot be reached. Check the connection, or choose files from this device.';
  switch (cause.statusCode) {
    // Without an account the hub answers 401 also for a name that does not exist.
    case 401:
    case 403:
    case 404:
      return `The hub has no public model ${name}. Check the spelling; private models cannot be opened here.`;
    case 429:
      return 'The hub has had too many questions from this address. Try again in five minutes.';
    default:
      return `The hub answered with an error (${cause.statusCode}). Try again later.`;
  }
}
