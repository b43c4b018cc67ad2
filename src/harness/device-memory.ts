import type { ModelConfig } from '../model/config.ts';
import { memoryPlan, type MatrixFormats, type MemoryPlan } from '../model/memory-plan.ts';
import type { BackendName } from '../tensor/backend-name.ts';
import { formatBytes } from './format.ts';

/** What the browser tells about this device's memory; null where it does not. */
export interface DeviceMemory {
  memory: number | null;
  /** Largest buffer of the GPU; null without one. */
  gpuBuffer: number | null;
  workers: number;
}

/** A 32-bit WASM memory ends here; each worker has its own. */
const WASM_LIMIT = 2 ** 32;
/** Browsers round the memory, and many say 8 GB where there is more: only below that is their word a limit. */
const VAGUE_FROM = 8 * 2 ** 30;
/** Where a browser does not say how much there is. */
const USUAL_MEMORY = 4 * 2 ** 30;
/** As many as the engine opens at most (workers/pool.ts). */
const MOST_WORKERS = 4;
/** Eight rationales at once of 1,024 tokens with their prompt; training on 512 tokens at a time. */
const USUAL = { rows: 8, tokens: 1024 };
const TRAINING_TOKENS = 512;

/** Thrown when a model would not fit; nothing of it was loaded. */
export class ModelTooLargeError extends Error {
  override name = 'ModelTooLargeError';
}

export async function deviceMemory(): Promise<DeviceMemory> {
  const { deviceMemory: gigabytes, hardwareConcurrency } = navigator as Navigator & { deviceMemory?: number };
  const adapter = 'gpu' in navigator ? await navigator.gpu.requestAdapter().catch(() => null) : null;
  return {
    memory: gigabytes === undefined ? null : gigabytes * 2 ** 30,
    gpuBuffer: adapter?.limits.maxBufferSize ?? null,
    workers: Math.min(hardwareConcurrency, MOST_WORKERS),
  };
}

/** Memory for one kind of work; `obstacle` says why it does not fit, null where nothing speaks against it. */
export interface Fit {
  plan: MemoryPlan;
  /** What this work takes of the plan. */
  bytes: number;
  obstacle: string | null;
}

/** Memory of one way of using a model on this device. */
export interface Need {
  backend: BackendName;
  /** Copies of the model. */
  workers: number;
  judging: Fit;
  training: Fit;
}

/**
 * What a model needs on a backend. On the CPU each worker has a copy, so there are only as many as there is room for.
 * @param format how its file stores the matrices, which is how a GPU holds them; default: 16 bits
 */
export function memoryNeed(
  config: ModelConfig,
  backend: BackendName,
  device: DeviceMemory,
  format: MatrixFormats = 'bf16',
): Need {
  const plan = (workers: number, trainingTokens: number): MemoryPlan =>
    memoryPlan(config, { backend, workers, ...USUAL, trainingTokens, format });
  const fit = (workers: number, trainingTokens: number): Fit => {
    const planned = plan(workers, trainingTokens);
    const bytes = trainingTokens === 0 ? planned.total : planned.training;
    return { plan: planned, bytes, obstacle: obstacleOf(backend, bytes, workers, device.memory) };
  };
  const memory = device.memory ?? USUAL_MEMORY;
  let workers = backend === 'wasm' ? device.workers : 1;
  while (workers > 1 && plan(workers, 0).total > memory) workers--;
  return { backend, workers, judging: fit(workers, 0), training: fit(workers, TRAINING_TOKENS) };
}

/**
 * Refuses a model that would not fit.
 * @returns how many copies of it there may be
 * @throws ModelTooLargeError with the plan
 */
export async function workersThatFit(
  config: ModelConfig,
  backend: BackendName,
  format: MatrixFormats,
): Promise<number> {
  const { judging, workers } = memoryNeed(config, backend, await deviceMemory(), format);
  if (judging.obstacle === null) return workers;
  const { weights, cache, activations, total } = judging.plan;
  throw new ModelTooLargeError(
    `It needs ${formatBytes(total)} of memory (weights ${formatBytes(weights)}, cached keys and values ` +
      `${formatBytes(cache)}, activations ${formatBytes(activations)}): ${judging.obstacle}.`,
  );
}

function obstacleOf(
  backend: BackendName,
  bytes: number,
  workers: number,
  memory: number | null,
): string | null {
  if (backend === 'wasm' && bytes / workers > WASM_LIMIT)
    return `more than the ${formatBytes(WASM_LIMIT)} that WebAssembly can address`;
  if (memory !== null && memory < VAGUE_FROM && bytes > memory)
    return `more than the ${formatBytes(memory)} of this device`;
  return null;
}
