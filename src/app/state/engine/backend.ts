import { ownName } from '../../../harness/own-name.ts';
import type { BackendName } from '../../../tensor/backend-name.ts';

/** 'auto' takes the GPU where there is a real one. */
export type BackendChoice = 'auto' | BackendName;

const KEY = ownName('judge-playground.backend');

export interface ChosenBackend {
  backend: BackendName;
  /** Why it is not the GPU; null when it is, or when the reader chose the CPU. */
  reason: string | null;
}

/**
 * Which backend this visit uses. Software WebGPU (SwiftShader) is a GPU emulated by the CPU: on two cores it
 * multiplies matrices at 1–4 GFLOP/s where the WASM backend reaches 40 per core, so 'auto' prefers WASM there.
 */
export async function chooseBackend(choice: BackendChoice): Promise<ChosenBackend> {
  if (choice !== 'auto') return { backend: choice, reason: null };
  const reason = await whyNoGpu();
  return { backend: reason === null ? 'webgpu' : 'wasm', reason };
}

async function whyNoGpu(): Promise<string | null> {
  if (!('gpu' in navigator))
    return isSecureContext
      ? 'This browser has no WebGPU, so the judge runs on the CPU.'
      : 'Over plain http:// a page gets no GPU, so the judge runs on the CPU.';
  try {
    const adapter = await navigator.gpu.requestAdapter();
    if (!adapter) return 'The browser found no GPU it can use, so the judge runs on the CPU.';
    const software =
      adapter.info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe/i.test(describe(adapter.info));
    return software
      ? 'The only GPU here is emulated in software; the CPU is faster, so the judge runs there.'
      : null;
  } catch {
    return 'The browser refused the GPU, so the judge runs on the CPU.';
  }
}

function describe(info: GPUAdapterInfo): string {
  return `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
}

/** `?backend=wasm` in the address wins over what the drawer stored. */
export function storedBackend(): BackendChoice {
  const asked = new URLSearchParams(location.search).get('backend') ?? remembered();
  return asked === 'webgpu' || asked === 'wasm' ? asked : 'auto';
}

export function rememberBackend(choice: BackendChoice): void {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Private windows may refuse storage; the choice then lasts for this visit.
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

const ADAPTER_TRIES = 3;
const ADAPTER_PAUSE_MS = 1000;

/**
 * Which backend goes on for the one that was lost. Chromium gives a page no adapter any more after its GPU process died
 * twice; while the process starts again there may be none for a moment.
 */
export async function backendAfterLoss(lost: BackendName): Promise<ChosenBackend> {
  for (let tries = 0; lost === 'webgpu' && tries < ADAPTER_TRIES; tries++) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, ADAPTER_PAUSE_MS));
    const adapter = await navigator.gpu.requestAdapter().catch(() => null);
    if (adapter) return { backend: 'webgpu', reason: null };
  }
  const gone = 'The browser gives no GPU any more, so the judge goes on on the CPU.';
  return { backend: 'wasm', reason: lost === 'webgpu' ? gone : null };
}
