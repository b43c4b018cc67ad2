import type { Page } from 'playwright';
import { fillStorage, makeRoom, storeBallast } from './full-storage.ts';
import type { Session } from './session.ts';
import type { Stage } from './stages.ts';
import type { WorkerFault } from './worker-prologue.ts';

/** What happens to the page or its engine in the middle of work. */
export interface Fault {
  name: string;
  /** Whether it happens as it would to a reader, or is injected where the real thing would strike. */
  proof: 'real' | 'injected';
  /** What must be there before the work begins. */
  prepare?: (session: Session) => Promise<void>;
  strike: (session: Session, stage: Stage) => Promise<void>;
  /** What a reader does afterwards, where the work does not go on by itself. */
  afterwards?: (page: Page) => Promise<void>;
  /** Stages in which it means nothing, with the reason. */
  except?: Readonly<Record<string, string>>;
}

/** After its tab or browser was gone, an interrupted run says so and waits for a reader. */
export async function goOn(page: Page): Promise<void> {
  await page.getByText(/interrupted/i).first().waitFor(); // prettier-ignore
  await page.getByRole('button', { name: 'Go on' }).first().click();
}

const ofWorker = (name: string, fault: WorkerFault, proof: Fault['proof'] = 'real'): Fault => ({
  name,
  proof,
  strike: (session) => session.harmWorkers(fault),
});

export const RELOAD: Fault = {
  name: 'the page is reloaded',
  proof: 'real',
  strike: async ({ page }) => {
    await page.reload();
  },
};

export const TAB_CLOSED: Fault = {
  name: 'the tab is closed and another opened',
  proof: 'real',
  strike: (session, { route }) => session.reopenTab(route),
  afterwards: goOn,
};

export const KILLED: Fault = {
  name: 'the browser is killed and started again',
  proof: 'real',
  strike: (session, { route }) => session.killAndRestart(route),
  afterwards: goOn,
};

export const THROWS = ofWorker('every worker throws', 'throws');
export const CLOSES = ofWorker('every worker ends in silence', 'closes');
export const HANGS = ofWorker('every worker hangs', 'hangs');
const NO_ALLOCATION = { curation: 'nothing is allocated on the device' };

/** The heap's allocator finds no room: what a WASM memory at its limit does. */
export const WASM_MEMORY: Fault = {
  ...ofWorker('WASM memory is exhausted', 'wasm-memory', 'injected'),
  except: NO_ALLOCATION,
};

/** Nothing more can be stored until a reader deletes what is no longer needed. */
export const STORAGE_FULL: Fault = {
  name: 'storage is full',
  proof: 'real',
  prepare: storeBallast,
  strike: fillStorage,
  afterwards: makeRoom,
};

export const CLOCK_JUMP: Fault = {
  name: 'the clock jumps a day ahead',
  proof: 'injected',
  strike: async ({ page }) => {
    await page.evaluate(() => {
      const now = Date.now.bind(Date);
      const day = 86_400_000;
      Date.now = () => now() + day;
    });
  },
};

export const DEVICE_LOST = ofWorker('the GPU device is destroyed', 'loses-device');
export const GPU_MEMORY: Fault = {
  ...ofWorker('the GPU is out of memory', 'gpu-memory', 'injected'),
  except: NO_ALLOCATION,
};
export const GPU_KILLED: Fault = {
  name: 'the GPU process is killed',
  proof: 'real',
  strike: async ({ chromium }) => chromium.killGpuProcess(),
};

/** Faults of the page and of the WASM engine. */
export const FAULTS: readonly Fault[] = [
  RELOAD, TAB_CLOSED, KILLED, THROWS, CLOSES, HANGS, WASM_MEMORY, STORAGE_FULL, CLOCK_JUMP,
]; // prettier-ignore

/** Faults of the GPU. */
export const GPU_FAULTS: readonly Fault[] = [DEVICE_LOST, GPU_KILLED, GPU_MEMORY];
