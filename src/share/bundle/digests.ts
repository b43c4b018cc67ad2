import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { FileInBundle, lineOf } from './record-line.ts';
import type { AnyRecord, BundleStore } from './stores.ts';

/** What decides whether two runs are the same; token ids follow from texts, weights from their hashes. */
const OF_RUN = ['runs', 'rounds', 'pairs', 'decisions', 'steps', 'snapshots', 'judgments'] as const;

/** Stores whose records `Digests` looks at. */
export const DIGESTED: readonly BundleStore[] = ['items', 'labRuns', ...OF_RUN];

/**
 * Hashes of a project's data and of each of its runs, over their records in the order of their keys. Names are no part of
 * it, nor whose project it is: a run that was renamed is still the same run.
 */
export class Digests {
  readonly #hashes = new Map<string, ReturnType<typeof sha256.create>>();

  add(store: BundleStore, record: AnyRecord): void {
    const whose = whoseIs(store, record);
    if (whose === null) return;
    const hash = this.#hashes.get(whose) ?? sha256.create();
    this.#hashes.set(whose, hash.update(utf8ToBytes(`${lineOf(withoutNames(record))}\n`)));
  }

  /** Of items, with their labels, division and order. */
  get data(): string {
    return this.#digest('items');
  }
  run(id: string): string {
    return this.#digest(`run ${id}`);
  }
  labRun(id: string): string {
    return this.#digest(`lab ${id}`);
  }

  #digest(whose: string): string {
    return bytesToHex((this.#hashes.get(whose) ?? sha256.create()).clone().digest());
  }
}

function whoseIs(store: BundleStore, record: AnyRecord): string | null {
  if (store === 'items') return 'items';
  const { id, runId, scope } = record as unknown as Record<string, string | undefined>;
  if (store === 'labRuns') return `lab ${id}`;
  if (store === 'judgments') return scope?.startsWith('sample/') ? `run ${scope.split('/')[1]}` : null;
  if (!(OF_RUN as readonly BundleStore[]).includes(store)) return null;
  return `run ${runId ?? id}`;
}

const LEFT_OUT = new Set(['name', 'deleted', 'projectId']);

function withoutNames(record: AnyRecord): Record<string, unknown> {
  const kept = Object.entries(record).filter(
    ([key, value]) => !LEFT_OUT.has(key) && !(value instanceof Blob) && !(value instanceof FileInBundle),
  );
  return Object.fromEntries(kept);
}
