import { ownName } from '../../../harness/own-name.ts';
import type { BackendName } from '../../../tensor/backend-name.ts';
import type { GpuProbe } from '../../../tensor/webgpu/probe.ts';

/** 'auto' takes the GPU where it has shown that it computes rightly and fast. */
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
    if (software)
      return 'The only GPU here is emulated in software; the CPU is faster, so the judge runs there.';
    return await whyNotThis(adapter);
  } catch {
    return 'The browser refused the GPU, so the judge runs on the CPU.';
  }
}

/** How long a probe may take before the GPU counts as one that does not answer, in milliseconds. */
const PROBE_PATIENCE_MS = 3000;
/** A fifth of what one core reaches on WASM; SwiftShader, a GPU emulated by the CPU, has less than one. */
const LEAST_GIGAFLOPS = 8;

/** A GPU is not taken for being there: drivers compute wrongly, hang, or are slower than the CPU beside them. */
async function whyNotThis(adapter: GPUAdapter): Promise<string | null> {
  const { probeGpu } = await import('../../../tensor/webgpu/probe.ts');
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PROBE_PATIENCE_MS));
  return verdictOf(await Promise.race([probeGpu(adapter), late]));
}

/** @param probe null: it did not end in time */
export function verdictOf(probe: GpuProbe | null): string | null {
  if (!probe) return 'The GPU did not answer when it was tried, so the judge runs on the CPU.';
  if (!probe.correct) return 'The GPU computed wrongly when it was tried, so the judge runs on the CPU.';
  return probe.gigaflops < LEAST_GIGAFLOPS
    ? 'The GPU was slower than the CPU when it was tried, so the judge runs on the CPU.'
    : null;
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
