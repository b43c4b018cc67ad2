import { formatBytes } from '../../../harness/format.ts';
import type { Item } from '../../../judge/item.ts';
import { chunksOf } from '../../../model/formats/stream-chunks.ts';
import type { Experiment } from '../../../share/experiment.ts';
import type { FileItems } from '../../../share/bundle/items-of-bundle.ts';
import { inBundleWorker } from '../project/bundle-work.ts';
import { ImportProgress } from '../project/import-progress.svelte.ts';
import { isReachable } from './reachable.ts';

type Data = NonNullable<Experiment['data']>;

/** A project's file with trained weights is tens of megabytes; what goes on without end is given up. */
const MOST_BYTES = 2e9;

/** Thrown for a file that does not hold the items which the link means. */
export class OtherItemsError extends Error {
  override name = 'OtherItemsError';
}

/**
 * The items of a shared experiment that its link names and does not hold: they come with a project's file, which the page
 * fetches where it may and the reader asks for it, or which the reader opens. Nothing of the file is stored but its items.
 */
export class MissingItems {
  items = $state.raw<readonly Item[] | null>(null);
  progress = $state.raw<ImportProgress | null>(null);
  /** Why there are none yet, after a try. */
  problem = $state<string | null>(null);
  #stop: AbortController | null = null;

  constructor(private readonly data: Data) {}

  /** Where its file lies, if its author said so. */
  get address(): string | null {
    return this.data.bundle?.address ?? null;
  }

  /** Whether this page can fetch it by itself. */
  get canFetch(): boolean {
    return this.address !== null && isReachable(this.address);
  }

  /** Fetches the file from where its author put it. */
  fetch(): Promise<void> {
    return this.#taking('Fetching the project file', async (progress, signal) =>
      fetched(this.address!, progress, signal),
    );
  }

  /** Takes the file that the reader has. */
  open(file: Blob): Promise<void> {
    return this.#taking('Reading the project file', async () => file);
  }

  cancel(): void {
    this.#stop?.abort();
  }

  async #taking(
    label: string,
    get: (progress: ImportProgress, signal: AbortSignal) => Promise<Blob>,
  ): Promise<void> {
    const stop = new AbortController();
    const progress = new ImportProgress(label, 'bytes');
    this.#stop = stop;
    this.progress = progress;
    this.problem = null;
    try {
      const file = await get(progress, stop.signal);
      const read = await inBundleWorker((work) => work.items(file), stop.signal);
      this.#check(read);
      this.items = read.items;
    } catch (error) {
      if (!stop.signal.aborted) this.problem = error instanceof Error ? error.message : String(error);
    } finally {
      this.progress = null;
    }
  }

  /** @throws OtherItemsError */
  #check({ items, hashes, sha256 }: FileItems): void {
    const { bundle, hash, size } = this.data;
    if (bundle && bundle.sha256 !== sha256)
      throw new OtherItemsError(
        `This is not the file that the link names: its SHA-256 begins with ${sha256.slice(0, 12)}, not with ` +
          `${bundle.sha256.slice(0, 12)}. It was changed, or saved again; ask its author for the right one.`,
      );
    if (!hashes.includes(hash) || items.length !== size)
      throw new OtherItemsError(
        'This project file holds other items than the experiment had. Ask its author for the right one.',
      );
  }
}

/** The file, as it comes; without the reader's cookies. @throws Error in words */
async function fetched(address: string, progress: ImportProgress, signal: AbortSignal): Promise<Blob> {
  const response = await fetch(address, { signal, credentials: 'omit' }).catch((cause: unknown) => {
    throw new Error(
      'The file could not be fetched: the connection failed, or its host does not let other pages read it. Download it yourself and open it here.',
      { cause },
    );
  });
  if (!response.ok || !response.body)
    throw new Error(`The file could not be fetched: its host answers ${response.status}.`);
  const total = Number(response.headers.get('Content-Length') ?? 0);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  for await (const part of chunksOf(response.body)) {
    done += part.length;
    if (done > MOST_BYTES)
      throw new Error(
        `The file is larger than ${formatBytes(MOST_BYTES)}, so it was not fetched to its end.`,
      );
    parts.push(part);
    progress.report(done, total);
  }
  return new Blob(parts);
}
