import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { build, type Plugin } from 'vite';
import { REPOSITORY } from './dependencies.ts';
import { HOST_FILES } from './security-header-files.ts';
import { SERVICE_WORKER } from './security-headers.ts';

/** What hosts read, and people; a host that makes pages of Markdown does not send it at all. */
const isNotForPages = (path: string): boolean =>
  HOST_FILES.includes(path) || /^\.|\.md$/.test(basename(path)) || path === SERVICE_WORKER;

/** Every file of a built folder by its address below the page's, '' being the page, with its hash as `integrity` writes it. */
function filesOf(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, sep).length))
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => !isNotForPages(path));
  const hash = (path: string) =>
    `sha256-${createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('base64')}`;
  const entries = paths.map((path): [string, string] => [path === 'index.html' ? '' : path, hash(path)]);
  // The page itself first: where a host rewrites it, nothing more is fetched.
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Writes `service-worker.js` into a built folder, with the list of what lies there. A bundle of its own, in one file: a
 * service worker that imports is not known to every browser.
 */
export async function writeServiceWorker(folder: string): Promise<void> {
  const files = JSON.stringify(filesOf(folder));
  const name = createHash('sha256').update(files).digest('hex').slice(0, 16);
  await build({
    configFile: false,
    root: REPOSITORY,
    publicDir: false,
    logLevel: 'warn',
    define: { __FILES__: files, __BUILD__: JSON.stringify(name) },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2023',
      reportCompressedSize: false,
      rolldownOptions: {
        input: join(REPOSITORY, 'workers/service-worker.ts'),
        output: { format: 'iife', entryFileNames: SERVICE_WORKER },
      },
    },
  });
}

/** The page's service worker, made when all else is written: it knows every file by its hash. */
export const serviceWorker = (): Plugin => ({
  name: 'service-worker',
  apply: 'build',
  writeBundle: {
    order: 'post',
    sequential: true,
    handler: async ({ dir }) => {
      if (dir) await writeServiceWorker(dir);
    },
  },
});
