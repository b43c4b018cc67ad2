import type { BackendName } from '../src/tensor/backend-name.ts';
import type { Patience } from './life-signs.ts';
import { modelFiles, type LoadingProgress } from './model-files.ts';
import { PooledEngine } from './pooled-engine.ts';
import type { Activity, DeviceInfo, Engine, ModelSource } from './protocol.ts';
import { Replicas } from './replicas.ts';

export interface OpenEngineOptions {
  /** Default: WebGPU where there is an adapter, else WASM. */
  backend?: BackendName;
  model: ModelSource;
  /** WASM workers; default: one per core, at most 4. On WebGPU always one: a GPU buffer cannot cross workers. */
  workers?: number;
  onProgress?: (progress: LoadingProgress) => void;
  /** Ends opening: what is fetched, and the workers. An engine that is open knows it no more. */
  signal?: AbortSignal;
  /** Called when the open engine begins or ends to work, or stalls. */
  onActivity?: (activity: Activity) => void;
  /** How long a worker may be silent before it is given up; default: `PATIENCE`. */
  patience?: Patience;
}

const MOST_WORKERS = 4;

/**
 * Opens an engine: one worker that owns the GPU, or a pool of WASM workers, each with its own copy of the model.
 * Sampling divides rows over the pool; training divides pairs and sums gradients, so all copies stay equal.
 */
export async function openEngine(options: OpenEngineOptions): Promise<Engine> {
  const { model, signal } = options;
  signal?.throwIfAborted();
  const backend = options.backend ?? (await defaultBackend());
  const size =
    backend === 'webgpu' ? 1 : (options.workers ?? Math.min(navigator.hardwareConcurrency, MOST_WORKERS));
  const onProgress = options.onProgress ?? (() => undefined);
  const replicas = new Replicas(size, options);
  const end = () => replicas.close();
  signal?.addEventListener('abort', end);
  try {
    const [files, starts] = await replicas.unlessBroken(() =>
      Promise.all([
        modelFiles(model, onProgress, signal),
        replicas.all(({ replica }) => replica.start(backend)),
      ]),
    );
    replicas.connect();
    const facts = await replicas.load(files, model.name, onProgress);
    const device: DeviceInfo = { backend, device: starts[0]?.device ?? '', workers: size };
    return new PooledEngine(replicas, device, { name: model.name, ...facts });
  } catch (error) {
    replicas.close();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', end);
  }
}

async function defaultBackend(): Promise<BackendName> {
  if (!('gpu' in navigator)) return 'wasm';
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  return adapter ? 'webgpu' : 'wasm';
}
