import { createReadStream, statSync } from 'node:fs';
import { join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connect, Plugin } from 'vite';

/** Folder of third-party models and data sets beside the repository; never part of it. */
export const SHARED_FOLDER =
  process.env['SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url));

const serve: Connect.NextHandleFunction = (request, response) => {
  const path = normalize(decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/'));
  const file = join(SHARED_FOLDER, path);
  const stats = file.startsWith(SHARED_FOLDER + sep) ? statSync(file, { throwIfNoEntry: false }) : undefined;
  if (!stats?.isFile()) {
    response.statusCode = 404;
    response.end(`no file ${path} in ${SHARED_FOLDER}`);
    return;
  }
  response.setHeader('content-type', 'application/octet-stream');
  response.setHeader('content-length', stats.size);
  if (request.method === 'HEAD') response.end();
  else createReadStream(file).pipe(response);
};

/** Serves the shared folder read-only under `/shared/` to development, tests and headless runs, not to the built page. */
export function sharedFolder(): Plugin {
  return {
    name: 'shared-folder',
    configureServer: (server) => {
      server.middlewares.use('/shared', serve);
    },
  };
}
