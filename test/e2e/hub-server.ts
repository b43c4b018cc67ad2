import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { selfSignedCertificate } from './self-signed-certificate.ts';

const HUB = 'huggingface.co';
/** One of the hosts that the hub redirected to in 2026. */
const CDN = 'us.aws.cdn.hf.co';
const REVISION = '0123456789abcdef0123456789abcdef01234567';
/** The hub keeps files beyond this, and all weights, in its large-file store. */
const LARGE = 100_000;

interface Repository {
  files: Map<string, Buffer>;
  licence: string;
  gated: string | false;
  /** Sizes that the listing claims instead of the true ones. */
  claimed: Map<string, number>;
}

/** What was asked of the content network. */
export interface CdnRequest {
  path: string;
  range: string | null;
  origin: string | null;
}

const digest = (algorithm: string, ...parts: (string | Buffer)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash(algorithm)).digest('hex');

/**
 * The Hugging Face hub as far as a download knows it, over TLS on this machine: model info, listing in two pages, small
 * files, and redirects to the content network, which knows ranges. Status codes and CORS headers are those that the
 * real ones sent in 2026: the hub names the page's origin, its content network allows everybody.
 */
export class HubServer {
  readonly cdnRequests: CdnRequest[] = [];
  /** Every path asked of the hub itself. */
  readonly hubRequests: string[] = [];
  /** After so many bytes of a large file the connection stalls; null: no such thing. */
  stallAfter: number | null = null;
  /** A byte of every large file from here on is flipped. */
  corruptAt: number | null = null;
  readonly #repositories = new Map<string, Repository>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(selfSignedCertificate(), (request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<HubServer> {
    const server = new HubServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  /** What makes a Chromium find this server under the hub's names. */
  get chromiumFlags(): string[] {
    const { port } = this.#server.address() as AddressInfo;
    const rules = [HUB, CDN].map((host) => `MAP ${host} 127.0.0.1:${port}`).join(',');
    return [`--host-resolver-rules=${rules}`, '--ignore-certificate-errors'];
  }

  /** Publishes a folder's files. */
  publish(
    name: string,
    folder: string,
    options: Partial<Omit<Repository, 'files'>> = {},
  ): Map<string, Buffer> {
    const files = new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file))]));
    files.set('README.md', Buffer.from('# A model'));
    this.#repositories.set(name, {
      licence: 'apache-2.0',
      gated: false,
      claimed: new Map(),
      ...options,
      files,
    });
    return files;
  }

  /** Ends like a lost connection: at once, whatever is under way. */
  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `https://${request.headers.host}`);
    if (request.headers.host === CDN) return this.#cdn(request, response, url);
    this.hubRequests.push(url.pathname);
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
    response.setHeader(
      'access-control-expose-headers',
      'ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size',
    );
    const [, name = '', action = '', path = ''] =
      /^(?:\/api\/models)?\/([^/]+\/[^/]+)\/(revision|tree|resolve)\/[^/]+\/?(.*)$/.exec(url.pathname) ?? [];
    const repository = this.#repositories.get(name);
    // Without an account the real hub does not tell whether there is such a repository.
    if (!repository) json(response, 401, { error: 'Invalid username or password.' });
    else if (action === 'revision') json(response, 200, infoOf(name, repository));
    else if (action === 'tree') listing(response, url, repository);
    else resolveFile(response, name, decodeURIComponent(path), repository);
  }

  async #cdn(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { range, origin } = request.headers;
    this.cdnRequests.push({ path: url.pathname, range: range ?? null, origin: origin ?? null });
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-expose-headers', '*');
    const [, organisation, name, path = ''] = url.pathname.split('/');
    const file = this.#repositories.get(`${organisation}/${name}`)?.files.get(path);
    if (!file) return void response.writeHead(404).end();
    const whole = this.corruptAt === null ? file : flipped(file, this.corruptAt);
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const body = whole.subarray(start);
    response.writeHead(range ? 206 : 200, {
      'accept-ranges': 'bytes',
      'content-length': body.length,
      ...(range ? { 'content-range': `bytes ${start}-${file.length - 1}/${file.length}` } : {}),
    });
    if (this.stallAfter === null || body.length <= this.stallAfter) return void response.end(body);
    response.write(body.subarray(0, this.stallAfter));
  }
}

function infoOf(name: string, { gated, licence }: Repository): unknown {
  return {
    _id: '1',
    id: name,
    sha: REVISION,
    private: false,
    gated,
    downloads: 1,
    likes: 1,
    lastModified: '2026-01-01T00:00:00.000Z',
    cardData: { license: licence },
  };
}

function listing(response: ServerResponse, url: URL, { files, claimed }: Repository): void {
  const entries = [...files].map(([path, bytes]) => {
    const size = claimed.get(path) ?? bytes.length;
    const oid = digest('sha1', `blob ${bytes.length}\0`, bytes);
    const lfs = { oid: digest('sha256', bytes), size, pointerSize: 134 };
    return { type: 'file', path, size, oid, ...(bytes.length > LARGE ? { lfs } : {}) };
  });
  const folder = { type: 'directory', path: 'onnx', size: 0, oid: digest('sha1', 'onnx') };
  const half = Math.ceil(entries.length / 2);
  const first = !url.searchParams.has('cursor');
  url.searchParams.set('cursor', 'second');
  if (first) response.setHeader('link', `<https://${HUB}${url.pathname}${url.search}>; rel="next"`);
  json(response, 200, first ? [folder, ...entries.slice(0, half)] : entries.slice(half));
}

function resolveFile(
  response: ServerResponse,
  name: string,
  path: string,
  { files, gated }: Repository,
): void {
  const file = files.get(path);
  if (gated) return void response.writeHead(401).end();
  if (!file) return void response.writeHead(404).end();
  if (file.length <= LARGE) return void response.end(file);
  response.writeHead(302, { location: `https://${CDN}/${name}/${path}?Signature=x` }).end();
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function flipped(file: Buffer, at: number): Buffer {
  const copy = Buffer.from(file);
  copy[at]! ^= 1;
  return copy;
}
