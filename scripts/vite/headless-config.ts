import { svelte } from '@sveltejs/vite-plugin-svelte';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { InlineConfig, Plugin } from 'vite';
import { bareImports } from './bare-imports.ts';
import { sharedFolder } from './shared-folder.ts';
import { workFolder } from './work-folder.ts';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8" /><title>headless run</title>
<link rel="icon" href="data:," /></head><body><script type="module" src="/scripts/headless-page.ts"></script></body></html>`;

const headlessPage: Plugin = {
  name: 'headless-page',
  configureServer: (server) => {
    server.middlewares.use('/headless', (_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(PAGE);
    });
  },
};

/** A development server for headless runs: never reloads, whatever is edited while a run of hours goes on. */
export function headlessConfig(files: string, port: number): InlineConfig {
  const include = bareImports(
    ['src', 'workers', 'scripts/entries'].map((folder) => `${REPOSITORY}/${folder}`),
  );
  const imports = createHash('sha256').update(include.join()).digest('hex').slice(0, 8);
  return {
    root: REPOSITORY,
    configFile: false,
    logLevel: 'warn',
    clearScreen: false,
    cacheDir: `node_modules/.vite/headless-${imports}`,
    plugins: [svelte(), sharedFolder(), workFolder(files), headlessPage],
    worker: { format: 'es' },
    optimizeDeps: { include, noDiscovery: true },
    server: { host: '127.0.0.1', port, strictPort: port !== 0, hmr: false, watch: null },
  };
}
