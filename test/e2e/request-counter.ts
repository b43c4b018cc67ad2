import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Hosts that Chromium itself asks, whatever page is open and in spite of all its flags: for sign-in, for the kinds of form
 * fields, for its own updates.
 */
const CHROMIUMS_OWN = ['accounts.google.com', 'content-autofill.googleapis.com', 'update.googleapis.com'];

/**
 * A proxy that writes down every request of a browser, below the page and below everything that a page, its workers or a
 * debugger could hide. Only requests to this machine go on from here.
 */
export class RequestCounter {
  /** `GET http://host/path`, or `CONNECT host:port` of an encrypted connection; not what Chromium asks for itself. */
  readonly requests: string[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((asked, response) => this.#forward(asked, response));
    this.#server.on('connect', (asked: IncomingMessage, socket: Duplex) => this.#refuse(asked, socket));
  }

  static async start(): Promise<RequestCounter> {
    const counter = new RequestCounter();
    counter.#server.listen(0, '127.0.0.1');
    await once(counter.#server, 'listening');
    return counter;
  }

  /** What sends a Chromium through this proxy, for addresses of this machine as well. */
  get chromiumFlags(): string[] {
    const { port } = this.#server.address() as AddressInfo;
    return [`--proxy-server=http://127.0.0.1:${port}`, '--proxy-bypass-list=<-loopback>'];
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #note(method: string, address: string): void {
    const { hostname } = new URL(address.includes('://') ? address : `https://${address}`);
    if (!CHROMIUMS_OWN.includes(hostname)) this.requests.push(`${method} ${address}`);
  }

  #forward({ url = '', method = '', headers }: IncomingMessage, response: ServerResponse): void {
    this.#note(method, url);
    if (new URL(url).hostname !== '127.0.0.1') {
      response.writeHead(403).end();
      return;
    }
    const onwards = request(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onwards.on('error', () => response.destroy());
    onwards.end();
  }

  #refuse({ url = '' }: IncomingMessage, socket: Duplex): void {
    this.#note('CONNECT', url);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  }
}
