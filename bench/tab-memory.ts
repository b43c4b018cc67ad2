import { readdirSync, readFileSync } from 'node:fs';

/**
 * Peak resident memory in MB of the largest of Chromium's tabs that this process has started: page, engine workers and
 * their WASM heaps are one process. Linux only (/proc); null elsewhere.
 */
export function tabMemory(): number | null {
  const processes = descendants(process.pid);
  const tabs = processes.filter((pid) => read(pid, 'cmdline').includes('--type=renderer'));
  const peaks = tabs.map((pid) => Number(/VmHWM:\s+(\d+) kB/.exec(read(pid, 'status'))?.[1] ?? 0) / 1000);
  return peaks.length > 0 ? Math.max(...peaks) : null;
}

function descendants(root: number): number[] {
  const parents = new Map(processIds().map((pid) => [pid, parentOf(pid)]));
  const found = new Set([root]);
  // A child may stand before its parent in the list, so it is gone through until nothing is added.
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

const parentOf = (pid: number): number => Number(/PPid:\s+(\d+)/.exec(read(pid, 'status'))?.[1] ?? 0);

/** Empty where the process has ended meanwhile. */
function read(pid: number, file: 'cmdline' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
