import { createReadStream, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join, normalize, sep } from 'node:path';
import type { Plugin } from 'vite';

/** Answers for a file that is not there yet: a 404 would stand in the console as an error. */
const NO_CONTENT = 204;

async function body(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function put(request: IncomingMessage, response: ServerResponse, file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, await body(request));
  renameSync(`${file}.part`, file);
  response.statusCode = NO_CONTENT;
  response.end();
}

function get(response: ServerResponse, file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  response.statusCode = stats?.isFile() ? 200 : NO_CONTENT;
  if (stats?.isFile()) createReadStream(file).pipe(response);
  else response.end();
}

/** The file of that name, which may lie in a folder of its own, but never outside of the work folder. */
function fileOf(folder: string, url: string): string | null {
  const file = join(folder, normalize(decodeURIComponent(url)));
  return file.startsWith(folder + sep) ? file : null;
}

/** Lets the page of a headless run read and replace files of one folder, under `/work-folder/<name>`. */
export function workFolder(folder: string): Plugin {
  return {
    name: 'work-folder',
    configureServer: (server) => {
      mkdirSync(folder, { recursive: true });
      server.middlewares.use('/work-folder', (request, response, next) => {
        const file = fileOf(folder, request.url ?? '');
        if (file === null) next();
        else if (request.method === 'GET') get(response, file);
        else if (request.method === 'PUT') put(request, response, file).catch(next);
        else next();
      });
    },
  };
}
