import type { CDPSession, Page } from 'playwright';

/** What one JavaScript heap (the page's, or one worker's) holds after a full collection; bytes. */
export interface HeapUse {
  /** '' for the page, else the worker's address. */
  url: string;
  heap: number;
  /** ArrayBuffers and WebAssembly memories, which stand outside the heap. */
  backing: number;
}

/** What a page holds, all its workers apart. */
export interface PageMemory {
  page: HeapUse;
  workers: HeapUse[];
  nodes: number;
  listeners: number;
  documents: number;
}

/** As often as it takes for what only finalizers let go: Comlink closes a port when its proxy was collected. */
const COLLECTIONS = 4;

/** Reads what a page and its workers hold, by the DevTools protocol, each time after forced collections. */
export class MemoryProbe {
  readonly #workers = new Map<string, { url: string; sessionId: string }>();
  readonly #answers = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #lastId = 0;

  private constructor(private readonly session: CDPSession) {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') this.#workers.set(sessionId, { url: targetInfo.url, sessionId });
    });
    session.on('Target.detachedFromTarget', ({ sessionId }) => void this.#workers.delete(sessionId));
    session.on('Target.receivedMessageFromTarget', ({ message }) => this.#receive(message));
  }

  static async attach(page: Page): Promise<MemoryProbe> {
    const session = await page.context().newCDPSession(page);
    const probe = new MemoryProbe(session);
    // Not flat: Playwright knows no sessions of workers, so their messages travel inside the page's.
    await session.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: false,
    });
    await session.send('HeapProfiler.enable');
    return probe;
  }

  async read(): Promise<PageMemory> {
    for (let i = 0; i < COLLECTIONS; i++) {
      await this.session.send('HeapProfiler.collectGarbage');
      for (const { sessionId } of this.#workers.values())
        await this.#ask(sessionId, 'HeapProfiler.collectGarbage');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const { nodes, documents, jsEventListeners } = await this.session.send('Memory.getDOMCounters');
    const workers: HeapUse[] = [];
    for (const { sessionId, url } of this.#workers.values())
      workers.push(heapUse(url, await this.#ask(sessionId, 'Runtime.getHeapUsage')));
    return {
      page: heapUse('', await this.session.send('Runtime.getHeapUsage')),
      workers,
      nodes,
      documents,
      listeners: jsEventListeners,
    };
  }

  #ask(sessionId: string, method: string): Promise<never> {
    const id = ++this.#lastId;
    const answer = new Promise<never>((resolve, reject) => this.#answers.set(id, { resolve, reject }));
    const message = JSON.stringify({ id, method });
    this.session.send('Target.sendMessageToTarget', { sessionId, message }).catch((error: unknown) => {
      this.#answers.get(id)?.reject(error as Error);
      this.#answers.delete(id);
    });
    return answer;
  }

  #receive(message: string): void {
    const { id, result, error } = JSON.parse(message) as {
      id?: number;
      result: never;
      error?: { message: string };
    };
    const waiting = id === undefined ? undefined : this.#answers.get(id);
    if (!waiting) return;
    this.#answers.delete(id!);
    if (error) waiting.reject(new Error(error.message));
    else waiting.resolve(result);
  }
}

function heapUse(url: string, usage: unknown): HeapUse {
  const { usedSize, backingStorageSize } = usage as { usedSize: number; backingStorageSize?: number };
  return { url, heap: usedSize, backing: backingStorageSize ?? 0 };
}
