import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY } from './vite/dependencies.ts';

const VITE = join(REPOSITORY, 'node_modules/vite/bin/vite.js');

/**
 * Builds the app as `npm run build` does, in a process of its own: tests and dev servers leave their NODE_ENV in this one, and
 * Vite would then put Svelte's development version into the page, 12 kB larger and slower than what a reader gets.
 * @throws Error where the build fails; it has said why on stderr
 */
export function buildApp(folder = 'dist'): void {
  const { NODE_ENV: _ofThisProcess, ...env } = process.env;
  const options = ['build', '--logLevel', 'warn', '--outDir', folder, '--emptyOutDir'];
  const { status } = spawnSync(process.execPath, [VITE, ...options], {
    cwd: REPOSITORY,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('The app could not be built.');
}
