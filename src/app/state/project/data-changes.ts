import { ownName } from '../../../harness/own-name.ts';
import type { BinKind } from '../../../store/bin.ts';

/** What changed in the stored data, as tabs tell each other. It is in the store already. */
export type DataChange =
  /** A project was stored, renamed, deleted, or came back. */
  | { type: 'projects' }
  /** A run or a lab's run of this project was made, went on, was deleted, or came back. */
  | { type: Exclude<BinKind, 'projects'>; projectId: string; id: string }
  /** A decision about a pair. */
  | { type: 'decisions'; runId: string; round: number }
  | { type: 'adapters' }
  | { type: 'models' }
  | { type: 'erased' };

type Listener = (change: DataChange) => void;

/** A run tells far more than a second tab can read. */
const TELL_EVERY_MS = 500;

/** Tells other tabs of this page what changed, and hears it from them. */
class DataChanges {
  #channel = new BroadcastChannel(ownName('judge-playground.data'));
  #waiting = new Map<string, ReturnType<typeof setTimeout>>();

  tell(change: DataChange): void {
    this.#channel.postMessage(change);
  }

  /** Tells it now or a moment later: what happens again meanwhile is told once. */
  tellSoon(change: DataChange): void {
    const key = JSON.stringify(change);
    if (this.#waiting.has(key)) return;
    const told = () => {
      this.#waiting.delete(key);
      this.tell(change);
    };
    this.#waiting.set(key, setTimeout(told, TELL_EVERY_MS));
  }

  /** Calls `listener` with what other tabs change. Returns how to stop it. */
  listen(listener: Listener): () => void {
    const heard = ({ data }: MessageEvent<DataChange>): void => listener(data);
    this.#channel.addEventListener('message', heard);
    return () => this.#channel.removeEventListener('message', heard);
  }
}

export const dataChanges = new DataChanges();
