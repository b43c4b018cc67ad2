import type { MemoryReport } from '../../workers/protocol.ts';
import type { HeapUse, PageMemory } from './page-memory.ts';
import type { ResidentMemory } from './resident.ts';
import type { Storage } from './storage.ts';

const MB = 1e6;

/** What must not grow, and by how much it may seem to over the second half of a phase. */
interface Measure {
  title: string;
  unit: 'bytes' | 'count';
  bound: number;
}

/**
 * Bounds stand well above the scatter that was measured (which the document shows beside them) and well below what the
 * smallest leak worth the name would add: a set of the embedded judge's weights is 6.9 MB, and ten runs would leave 69 MB.
 */
export const MEASURES = {
  tensors: { title: 'tensors', unit: 'count', bound: 0 },
  tensorBytes: { title: 'bytes of tensors', unit: 'bytes', bound: 0 },
  allocated: { title: 'engine’s memory (WASM heap, GPU buffers)', unit: 'bytes', bound: 25 * MB },
  heap: { title: 'JavaScript heap of the page', unit: 'bytes', bound: 2 * MB },
  workerHeaps: { title: 'JavaScript heaps of the workers', unit: 'bytes', bound: 2 * MB },
  backing: { title: 'backing stores of the page', unit: 'bytes', bound: MB },
  workerBacking: { title: 'backing stores of the workers', unit: 'bytes', bound: MB },
  nodes: { title: 'DOM nodes', unit: 'count', bound: 20 },
  listeners: { title: 'listeners', unit: 'count', bound: 5 },
  workers: { title: 'workers', unit: 'count', bound: 0 },
  orphans: { title: 'records that no run needs', unit: 'count', bound: 0 },
  overhead: { title: 'IndexedDB beyond its records', unit: 'bytes', bound: 20 * MB },
  resident: { title: 'resident memory of the tab', unit: 'bytes', bound: 60 * MB },
  residentGpu: { title: 'resident memory of the GPU process', unit: 'bytes', bound: 60 * MB },
} as const satisfies Record<string, Measure>;

export type MeasureName = keyof typeof MEASURES;

/** One reading of everything that could be read; a part that has no engine at hand leaves out the engine's. */
export type Reading = Partial<Record<MeasureName, number>>;

const sum = (uses: readonly HeapUse[], of: 'heap' | 'backing') =>
  uses.reduce((total, use) => total + use[of], 0);

/** Once a run has ended, its checkpoint is gone, its judge is one, and each judgment has its tokens. */
function orphansOf(counts: Record<string, number>): number {
  const count = (store: string) => counts[store] ?? 0;
  return (
    count('trainingStates') +
    Math.abs(count('policies') - count('rounds')) +
    Math.abs(count('runs') - count('rounds')) +
    Math.abs(count('tokens') - count('judgments'))
  );
}

export function readingOf(
  memory: PageMemory,
  resident: ResidentMemory | null,
  storage: Storage,
  engine: MemoryReport | null,
): Reading {
  return {
    ...(engine && { tensors: engine.tensors, tensorBytes: engine.bytes, allocated: engine.allocated }),
    heap: memory.page.heap,
    workerHeaps: sum(memory.workers, 'heap'),
    backing: memory.page.backing,
    workerBacking: sum(memory.workers, 'backing'),
    nodes: memory.nodes,
    listeners: memory.listeners,
    workers: memory.workers.length,
    orphans: orphansOf(storage.counts),
    overhead: storage.used - storage.records,
    ...(resident && { resident: resident.tabs, residentGpu: resident.gpu }),
  };
}
