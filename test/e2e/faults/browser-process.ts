import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';
import { CHROMIUM_FLAGS, ensureChromium, WEBGPU_FLAGS } from '../../../scripts/chromium.ts';
import type { EngineChoice } from '../browser.ts';

/** Chromium gives no adapter after two crashes of its GPU process; with these it always gives one. */
export const ENDLESS_GPU_FLAGS = [
  '--disable-gpu-process-crash-limit',
  '--disable-domain-blocking-for-3d-apis',
];

export interface StartOptions {
  engine?: EngineChoice;
  flags?: readonly string[];
}

/**
 * A Chromium of our own on a profile that outlives it: the test library only connects to it, so that it can be killed
 * with all its processes and started again on what it left behind.
 */
export class BrowserProcess {
  readonly profile = mkdtempSync(join(tmpdir(), 'faults-'));
  readonly #options: StartOptions;
  #process: ChildProcess | null = null;
  #browser: Browser | null = null;

  private constructor(options: StartOptions) {
    this.#options = options;
  }

  static async start(options: StartOptions = {}): Promise<BrowserProcess> {
    const started = new BrowserProcess(options);
    await started.restart();
    return started;
  }

  get context(): BrowserContext {
    const context = this.#browser?.contexts()[0];
    if (!context) throw new Error('This Chromium is not running.');
    return context;
  }

  get browser(): Browser {
    if (!this.#browser) throw new Error('This Chromium is not running.');
    return this.#browser;
  }

  async newPage(): Promise<Page> {
    const page = await this.context.newPage();
    await page.setViewportSize({ width: 1280, height: 800 });
    page.setDefaultTimeout(30_000);
    return page;
  }

  /** Starts Chromium, again after `kill`, on the same profile. */
  async restart(): Promise<void> {
    const { engine = 'wasm', flags = [] } = this.#options;
    rmSync(join(this.profile, 'DevToolsActivePort'), { force: true });
    const gpu = engine === 'webgpu' ? WEBGPU_FLAGS : [];
    this.#process = spawnChromium(
      this.profile,
      [...gpu, ...flags, '--remote-debugging-port=0'],
      ['ignore', 'ignore', 'ignore'],
    );
    const port = await portOf(this.profile);
    this.#browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  }

  /** SIGKILL for the browser and every process of it at once: nothing gets to say goodbye. */
  async kill(): Promise<void> {
    await killGroup(this.#process);
    this.#process = null;
    this.#browser = null;
  }

  /** SIGKILL for the process that owns the GPU alone. */
  killGpuProcess(): void {
    const pid = gpuProcessOf(this.#process?.pid ?? -1);
    if (pid === null) throw new Error('There is no GPU process.');
    process.kill(pid, 'SIGKILL');
  }

  /** Ends the browser and removes its profile. */
  async end(): Promise<void> {
    await this.kill();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Starts Chromium in a process group of its own. */
export function spawnChromium(
  profile: string,
  flags: readonly string[],
  stdio: ('ignore' | 'pipe')[],
  common: readonly string[] = CHROMIUM_FLAGS,
): ChildProcess {
  const args = [
    ...common,
    `--user-data-dir=${profile}`,
    '--no-default-browser-check',
    ...flags,
    'about:blank',
  ];
  return spawn(ensureChromium(), args, { detached: true, stdio });
}

/** Kills a process group and waits until its leader is gone. */
export async function killGroup(leader: ChildProcess | null): Promise<void> {
  if (!leader?.pid || leader.exitCode !== null || leader.signalCode !== null) return;
  const gone = once(leader, 'exit');
  process.kill(-leader.pid, 'SIGKILL');
  await gone;
}

/** Chromium writes the port that it chose into its profile. */
async function portOf(profile: string): Promise<string> {
  for (let tries = 0; tries < 300; tries++) {
    try {
      const [port] = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
      if (port) return port;
    } catch {
      // Not there yet.
    }
    await sleep(100);
  }
  throw new Error('Chromium did not open its debugging port within 30 s.');
}

function gpuProcessOf(browser: number): number | null {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(describe);
  const family = new Set([browser]);
  // Parents come before their children often, not always.
  for (let grown = true; grown;) {
    const before = family.size;
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid);
    grown = family.size > before;
  }
  return (
    processes.find(({ pid, command }) => family.has(pid) && command.includes('--type=gpu-process'))?.pid ??
    null
  );
}

function describe(name: string): { pid: number; parent: number; command: string }[] {
  try {
    const [, rest = ''] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ');
    const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
    return [{ pid: Number(name), parent: Number(rest.split(' ')[1]), command }];
  } catch {
    // It ended while we looked.
    return [];
  }
}
