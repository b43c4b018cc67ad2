import { downloadModel, type DownloadProgress } from '../../../store/model-download.ts';
import {
  ModelLibrary,
  storageRoom,
  type StorageRoom,
  type StoredModel,
} from '../../../store/model-library.ts';
import type { ModelManifest } from '../../../store/model-manifest.ts';
import { dataChanges } from '../project/data-changes.ts';
import { withModelWriter } from './model-writing.ts';
import { Speedometer } from './speedometer.ts';

/** A download as the drawer shows it. */
export interface Download {
  name: string;
  state: 'running' | 'paused' | 'failed';
  progress: DownloadProgress | null;
  bytesPerSecond: number | null;
  secondsLeft: number | null;
  /** Why it failed. */
  error: string | null;
}

const SHOW_EVERY_MS = 200;

/** Models in this browser, and the one that is being downloaded. */
class ModelShelf {
  stored = $state.raw<readonly StoredModel[]>([]);
  room = $state.raw<StorageRoom | null>(null);
  /** Why nothing can be stored, in words; null where it can. */
  refused = $state<string | null>(null);
  download = $state.raw<Download | null>(null);
  /** What has just happened, for screen readers. */
  news = $state('');
  #library: ModelLibrary | null = null;
  #stop: AbortController | null = null;
  #ended: Promise<void> = Promise.resolve();

  constructor() {
    dataChanges.listen(({ type }) => {
      if (type === 'models' && this.#library) void this.refresh();
    });
  }

  /** Looks through what is stored. */
  async refresh(): Promise<void> {
    try {
      this.#library ??= await ModelLibrary.open();
      this.stored = await this.#library.list();
      this.room = await storageRoom();
      this.refused = null;
    } catch (error) {
      this.refused = error instanceof Error ? error.message : String(error);
    }
  }

  find(name: string): StoredModel | null {
    return this.stored.find(({ manifest }) => manifest.name === name) ?? null;
  }

  /** Starts a download, or goes on with one. Ends when the model is stored, or with a state that can be resumed. */
  async fetch(manifest: ModelManifest): Promise<void> {
    if (this.download?.state === 'running') return;
    const stop = new AbortController();
    this.#stop = stop;
    this.#show({ name: manifest.name, state: 'running', error: null, progress: null });
    // Asks the browser not to evict what took long to fetch; it may say no. Over plain HTTP it cannot be asked.
    if ('storage' in navigator) void navigator.storage.persist();
    this.#ended = this.#fetch(manifest, stop.signal);
    await this.#ended;
  }

  /** Stops for now; what has arrived stays. */
  async pause(): Promise<void> {
    this.#stop?.abort();
    await this.#ended;
  }

  /** Gives the download up and removes what has arrived. */
  async cancel(name: string): Promise<void> {
    await this.pause();
    this.download = null;
    await this.remove(name);
  }

  async remove(name: string): Promise<void> {
    await this.#library?.remove(name);
    dataChanges.tell({ type: 'models' });
    await this.refresh();
  }

  async #fetch(manifest: ModelManifest, signal: AbortSignal): Promise<void> {
    const speed = new Speedometer();
    let progress: DownloadProgress | null = null;
    const ticking = setInterval(() => {
      if (progress) this.#show({ progress, ...speed.read(progress.phase, progress.done, progress.total) });
    }, SHOW_EVERY_MS);
    try {
      await withModelWriter((writer) => downloadModel(manifest, writer, signal, (now) => (progress = now)));
      this.download = null;
      this.news = `${manifest.name} is stored.`;
      dataChanges.tell({ type: 'models' });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#show({
        progress,
        ...(signal.aborted ? { state: 'paused' } : { state: 'failed', error: message }),
      });
    } finally {
      clearInterval(ticking);
    }
    await this.refresh();
  }

  #show(change: Partial<Download>): void {
    const none = { name: '', state: 'running', progress: null, error: null } as const;
    this.download = { ...none, bytesPerSecond: null, secondsLeft: null, ...this.download, ...change };
  }
}

export const modelShelf = new ModelShelf();
