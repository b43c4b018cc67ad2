import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright';

/** Anonymous resident memory of Chromium's tabs and of its GPU process, in bytes: where WASM heaps and GPU buffers live. */
export interface ResidentMemory {
  tabs: number;
  gpu: number;
}

/** Linux only (/proc); null elsewhere. */
export async function residentMemory(browser: Browser): Promise<ResidentMemory | null> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const sum = (type: string) =>
      processInfo.filter((one) => one.type === type).reduce((total, { id }) => total + anonymous(id), 0);
    return { tabs: sum('renderer'), gpu: sum('GPU') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  } finally {
    await session.detach();
  }
}

function anonymous(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return 1024 * Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
}
