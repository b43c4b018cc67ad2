import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { InlineConfig, Plugin } from 'vite';
import { appVersion } from './app-version.ts';
import { dependenciesOf, REPOSITORY } from './dependencies.ts';
import { localFolders } from './local-folders.ts';
import { sharedFolder } from './shared-folder.ts';
import { workFolder } from './work-folder.ts';

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
export function headlessConfig(
  files: string,
  port: number,
  folders: Readonly<Record<string, string>>,
  plugins: Plugin[] = [],
): InlineConfig {
  return {
    root: REPOSITORY,
    configFile: false,
    logLevel: 'warn',
    clearScreen: false,
    define: appVersion(),
    ...dependenciesOf(['src', 'workers', 'scripts/entries']),
    plugins: [...plugins, svelte(), sharedFolder(), workFolder(files), localFolders(folders), headlessPage],
    worker: { format: 'es' },
    server: { host: '127.0.0.1', port, strictPort: port !== 0, hmr: false, watch: null },
  };
}
