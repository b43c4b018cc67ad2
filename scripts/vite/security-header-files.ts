import type { Plugin } from 'vite';
import { apacheFile, apacheServiceWorker, headersFile, nginxFile, vercelFile } from './host-files.ts';
import { headersOf, securityHeaders, WORKERS_FOLDER } from './security-headers.ts';

/** What is written for hosts, but for `.htaccess`, which lies in each folder. */
export const HOST_FILES = ['_headers', 'vercel.json', 'nginx-headers.conf'];

/** Writes the headers as the usual static hosts read them into the build; `vite preview` sends them. */
export function securityHeaderFiles(hosts: readonly string[]): Plugin {
  const headers = securityHeaders(hosts);
  const files: Record<string, string> = {
    _headers: headersFile(headers),
    '.htaccess': apacheFile(headers.page) + apacheServiceWorker(headers.worker),
    [`${WORKERS_FOLDER}/.htaccess`]: apacheFile(headers.worker),
    'vercel.json': vercelFile(headers),
    'nginx-headers.conf': nginxFile(headers),
  };
  return {
    name: 'security-headers',
    apply: (_config, { command, isPreview }) => command === 'build' || isPreview === true,
    generateBundle() {
      for (const [fileName, source] of Object.entries(files))
        this.emitFile({ type: 'asset', fileName, source });
    },
    configurePreviewServer: ({ middlewares }) => {
      middlewares.use((request, response, next) => {
        for (const [name, value] of Object.entries(headersOf(headers, request.url ?? '/')))
          response.setHeader(name, value);
        next();
      });
    },
  };
}
