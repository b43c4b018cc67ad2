import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright';
import { installs, installsPackage, isRoot } from './installing.ts';

/** Quiet, and at home in a container: no sandbox for root, no updates, no reporting. */
export const CHROMIUM_FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  // A page that is not in front must sample at full speed.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/**
 * WebGPU on a machine without a GPU runs through SwiftShader, a CPU implementation of Vulkan inside Chromium.
 * `WEBGPU_ADAPTER=hardware` asks for the machine's own GPU instead.
 */
export const WEBGPU_FLAGS = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  process.env['WEBGPU_ADAPTER'] === 'hardware'
    ? '--ignore-gpu-blocklist'
    : '--use-webgpu-adapter=swiftshader',
];

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** Ubuntu ships a `chromium-browser` that only says "install the snap": a candidate has to answer. */
function answers(executable: string): boolean {
  if (!existsSync(executable)) return false;
  const { status, stdout } = spawnSync(executable, ['--version'], { encoding: 'utf8', timeout: 30_000 });
  return status === 0 && /Chrom/.test(stdout);
}

/**
 * Path of a Chromium that runs: `CHROMIUM` from the environment, the system's, or Playwright's; null when there is none.
 * @throws Error when `CHROMIUM` names something that does not run.
 */
export function findChromium(): string | null {
  const chosen = process.env['CHROMIUM'];
  if (chosen) {
    if (answers(chosen)) return chosen;
    throw new Error(`CHROMIUM=${chosen} does not run. Point it at a Chromium or Chrome, or leave it out.`);
  }
  return [...CANDIDATES, chromium.executablePath()].find(answers) ?? null;
}

const installers = [
  () => installsPackage('chromium'),
  () => {
    const withSystemLibraries = isRoot() ? ['--with-deps'] : [];
    return installs('npx', ['playwright', 'install', ...withSystemLibraries, 'chromium']);
  },
];

/**
 * Finds a Chromium, or installs one: Debian's package when root, else Playwright's.
 * @throws Error with one line that says what to install.
 */
export function ensureChromium(): string {
  let found = findChromium();
  for (const install of installers) {
    if (found) return found;
    console.log('No Chromium found; installing one …');
    if (install()) found = findChromium();
  }
  if (found) return found;
  throw new Error('No Chromium: install the package "chromium", or set CHROMIUM to the path of one.');
}
