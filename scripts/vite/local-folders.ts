import { createReadStream, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { ServerResponse } from 'node:http';
import type { Plugin } from 'vite';

interface LocalFolder {
  root: string;
  /** Names of the files that may be read. */
  files: string[];
}

/** All files of a folder, or one file alone. */
function localFolder(path: string): LocalFolder {
  const whole = resolve(path);
  const stats = statSync(whole, { throwIfNoEntry: false });
  if (!stats) throw new Error(`There is no file or folder ${path}.`);
  if (stats.isFile()) return { root: dirname(whole), files: [basename(whole)] };
  const entries = readdirSync(whole, { withFileTypes: true });
  return {
    root: whole,
    files: entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name),
  };
}

function list(response: ServerResponse, { files }: LocalFolder): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(files));
}

function send(response: ServerResponse, file: string): void {
  response.setHeader('content-type', 'application/octet-stream');
  response.setHeader('content-length', statSync(file).size);
  createReadStream(file).pipe(response);
}

/**
 * Lets the page of a headless run read files from anywhere on this machine: `/local/<name>/` lists a folder (or a
 * single file) that the command line named, `/local/<name>/<file>` is a file in it. Nothing else can be read.
 */
export function localFolders(paths: Readonly<Record<string, string>>): Plugin {
  const folders = new Map(Object.entries(paths).map(([name, path]) => [name, localFolder(path)]));
  return {
    name: 'local-folders',
    configureServer: (server) => {
      server.middlewares.use('/local', (request, response, next) => {
        const [, name = '', file = ''] = decodeURIComponent(request.url ?? '').split('/');
        const folder = folders.get(name);
        if (!folder) next();
        else if (file === '') list(response, folder);
        else if (folder.files.includes(file)) send(response, join(folder.root, file));
        else next();
      });
    },
  };
}
