import { parseModelConfig } from '../../model/config.ts';
import { memoryPlan, type MemoryPlan } from '../../model/memory-plan.ts';
import type { BackendName } from '../../../workers/protocol.ts';

/** What the browser tells about this device's memory; null where it does not. */
export interface DeviceMemory {
  /** Browsers round it, and Chromium says 8 GB (lately 32) where there is more: a lower bound at the top. */
  memory: number | null;
  /** Largest buffer of the GPU; null without one. */
  gpuBuffer: number | null;
  workers: number;
}

/** A 32-bit WASM memory ends here; each worker has its own. */
export const WASM_LIMIT = 2 ** 32;
/** As many as the engine opens at most (workers/pool.ts). */
const MOST_WORKERS = 4;
/** Eight rationales at once of 1,024 tokens with their prompt; training on 512 tokens at a time. */
const USUAL = { rows: 8, tokens: 1024 };
const TRAINING_TOKENS = 512;

export async function deviceMemory(): Promise<DeviceMemory> {
  const { deviceMemory: gigabytes, hardwareConcurrency } = navigator as Navigator & { deviceMemory?: number };
  const adapter = 'gpu' in navigator ? await navigator.gpu.requestAdapter().catch(() => null) : null;
  return {
    memory: gigabytes === undefined ? null : gigabytes * 2 ** 30,
    gpuBuffer: adapter?.limits.maxBufferSize ?? null,
    workers: Math.min(hardwareConcurrency, MOST_WORKERS),
  };
}

/** Memory of one way of using a model, and whether this device has it. */
export interface Need {
  backend: BackendName;
  judging: number;
  training: number;
  /** Why it cannot be, in words; null where nothing speaks against it. */
  obstacle: string | null;
}

/** What a model with this config.json needs on the CPU and, where there is one, on the GPU. @throws ModelConfigError */
export function memoryNeeds(configJson: unknown, device: DeviceMemory): Need[] {
  const config = parseModelConfig(configJson);
  const plan = (backend: BackendName, trainingTokens: number): MemoryPlan =>
    memoryPlan(config, {
      backend,
      workers: backend === 'wasm' ? device.workers : 1,
      ...USUAL,
      trainingTokens,
    });
  const backends: BackendName[] = device.gpuBuffer === null ? ['wasm'] : ['webgpu', 'wasm'];
  return backends.map((backend) => {
    const judging = plan(backend, 0);
    const training = plan(backend, TRAINING_TOKENS);
    return {
      backend,
      judging: judging.total,
      training: training.total,
      obstacle: obstacleOf(backend, judging, device),
    };
  });
}

function obstacleOf(
  backend: BackendName,
  { total, weights }: MemoryPlan,
  device: DeviceMemory,
): string | null {
  if (backend === 'wasm' && weights / device.workers > WASM_LIMIT) return 'more than WASM can address';
  if (device.memory !== null && total > device.memory) return 'more than this device has';
  return null;
}
