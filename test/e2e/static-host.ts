import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

type Rule = [path: string, name: string, value: string];

/** The rules of a `_headers` file, as Netlify and Cloudflare Pages read it. */
function rulesOf(file: string): Rule[] {
  let path = '';
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line): Rule[] => {
      if (/^\S/.test(line)) path = line.trim();
      const [, name, value] = /^\s+([^:]+): (.+)$/.exec(line) ?? [];
      return name && value ? [[path, name, value]] : [];
    });
}

/** Every rule that fits counts; values of one name are joined, as Cloudflare Pages does. */
function headersFor(rules: readonly Rule[], path: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [pattern, name, value] of rules) {
    if (!path.startsWith(pattern.replace(/\*$/, ''))) continue;
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}

abstract class LocalHost {
  readonly #server: Server = createServer((request, response) => this.answer(request, response));

  constructor() {
    this.#server.on('upgrade', (request, socket) => {
      this.noted(request);
      const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      const accept = createHash('sha1').update(key).digest('base64');
      socket.end(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
    });
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  protected abstract answer(request: IncomingMessage, response: ServerResponse): void;
  protected noted(_request: IncomingMessage): void {}
}

/** Serves a built page as a static host does that reads `_headers`, or as one that sends no headers of ours. */
export class StaticHost extends LocalHost {
  readonly #rules: Rule[];

  /**
   * @param more texts to be served beside the folder's files, by their path; without headers unless they lie among the workers
   */
  constructor(
    readonly folder: string,
    withHeaders: boolean,
    readonly more: Readonly<Record<string, string>> = {},
  ) {
    super();
    this.#rules = withHeaders ? rulesOf(join(folder, '_headers')) : [];
  }

  protected answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, search } = new URL(request.url ?? '/', this.address);
    if (pathname === '/to') {
      response.writeHead(302, { location: decodeURIComponent(search.slice(1)) }).end();
      return;
    }
    const name = pathname.replace(/\/$/, '/index.html');
    response.setHeader('content-type', TYPES[extname(name)] ?? 'application/octet-stream');
    const text = this.more[name];
    if (text === undefined || name.startsWith('/workers/'))
      response.setHeaders(headersFor(this.#rules, pathname));
    const file = join(this.folder, name);
    if (text !== undefined) response.end(text);
    else if (statSync(file, { throwIfNoEntry: false })?.isFile()) createReadStream(file).pipe(response);
    else response.writeHead(404).end();
  }
}

/** A host that nobody of ours may reach: it gives everything to everybody and writes down who asked. */
export class ForeignHost extends LocalHost {
  /** What was asked for, without the slash before it. */
  readonly requests: string[] = [];

  protected override noted({ url = '/' }: IncomingMessage): void {
    this.requests.push(decodeURIComponent(url.slice(1)));
  }

  protected answer(request: IncomingMessage, response: ServerResponse): void {
    this.noted(request);
    const events = request.headers.accept === 'text/event-stream';
    response.writeHead(200, {
      'access-control-allow-origin': '*',
      'content-type': events ? 'text/event-stream' : 'text/javascript',
    });
    response.end(events ? 'data: 1\n\n' : '/* foreign */');
  }
}
