import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { installsPackage } from './installing.ts';

const CANDIDATES = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
];

/** Ubuntu ships a `firefox` that only says "install the snap": a candidate has to answer. */
function answers(executable: string): boolean {
  if (!existsSync(executable)) return false;
  const { status, stdout } = spawnSync(executable, ['--version'], { encoding: 'utf8', timeout: 30_000 });
  return status === 0 && /Mozilla Firefox/.test(stdout);
}

/**
 * Finds a Firefox as its readers have it, or installs Debian's when root: `FIREFOX` from the environment wins. Playwright's
 * own is a patched one.
 * @throws Error with one line that says what to install.
 */
export function ensureFirefox(): string {
  const chosen = process.env['FIREFOX'];
  if (chosen && answers(chosen)) return chosen;
  if (chosen) throw new Error(`FIREFOX=${chosen} does not run. Point it at a Firefox, or leave it out.`);
  let found = CANDIDATES.find(answers);
  if (!found) {
    console.log('No Firefox found; installing one …');
    if (installsPackage('firefox-esr')) found = CANDIDATES.find(answers);
  }
  if (found) return found;
  throw new Error('No Firefox: install the package "firefox-esr", or set FIREFOX to the path of one.');
}
