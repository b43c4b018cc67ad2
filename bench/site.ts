import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildApp } from '../scripts/build-app.ts';
import { REPOSITORY } from '../scripts/vite/dependencies.ts';

const FOLDER = join(REPOSITORY, 'test-results/bench-site');

/** What a static host sends these as, and compresses with gzip; other files go out as they are. */
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

export interface Sent {
  path: string;
  /** Body as it goes over the line. */
  bytes: number;
}

/** The built app on a static host of our own, which keeps account of what it sent. */
export class SiteServer {
  readonly #server: Server;
  readonly #compressed = new Map<string, Buffer>();
  #sent: Sent[] = [];

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async open(): Promise<SiteServer> {
    buildApp(FOLDER);
    const site = new SiteServer();
    await new Promise<void>((resolve) => site.#server.listen(0, '127.0.0.1', resolve));
    return site;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** What was sent since the last call. */
  takeSent(): Sent[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = normalize(decodeURIComponent((request.url ?? '/').split('?')[0]!));
    const file = join(FOLDER, path === sep ? 'index.html' : path);
    const stats = file.startsWith(FOLDER + sep) ? statSync(file, { throwIfNoEntry: false }) : undefined;
    if (!stats?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[extname(file)];
    response.setHeader('content-type', type ?? 'application/octet-stream');
    if (type) {
      const body = this.#gzip(file);
      response.setHeader('content-encoding', 'gzip');
      response.setHeader('content-length', body.length);
      this.#sent.push({ path, bytes: body.length });
      response.end(body);
    } else {
      response.setHeader('content-length', stats.size);
      this.#sent.push({ path, bytes: stats.size });
      createReadStream(file).pipe(response);
    }
  }

  /** Compressed once, as hosts do. */
  #gzip(file: string): Buffer {
    const body = this.#compressed.get(file) ?? gzipSync(readFileSync(file));
    this.#compressed.set(file, body);
    return body;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
