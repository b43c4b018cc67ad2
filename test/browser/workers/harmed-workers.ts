import { vi } from 'vitest';
import harmedWorkerUrl from './harmed.worker.ts?worker&url';

const RealWorker = Worker;
let workers: Worker[] = [];

/** From now on an engine's workers are harmed as `harm.ts` says, when `hurt` is called; some already when they start. */
export function harmWorkers(name: string): void {
  const Harmed = function (_url: string | URL, init?: WorkerOptions): Worker {
    const worker = new RealWorker(harmedWorkerUrl, { ...init, name });
    workers.push(worker);
    return worker;
  };
  vi.stubGlobal('Worker', Harmed);
}

/** Harms the first workers that were started since `harmWorkers`, or all. */
export function hurt(count = workers.length): void {
  for (const worker of workers.slice(0, count)) worker.postMessage('hurt');
}

export function healWorkers(): void {
  vi.unstubAllGlobals();
  workers = [];
}
