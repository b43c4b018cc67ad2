import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { workerPrologue, type WorkerFault } from './worker-prologue.ts';

const ENGINE_WORKER = /\/engine\.worker-[^/]*\.js$/;

/** What a server says of the transfer alone: `fetch` has undone the encoding and knows another length. */
const OF_TRANSFER = new Set([
  'content-encoding', 'content-length', 'transfer-encoding', 'connection', 'keep-alive',
]); // prettier-ignore

interface Hold {
  pattern: RegExp;
  reached: () => void;
  released: Promise<void>;
}

/**
 * Serves the built app as another server does, with two things added: engine workers begin with a prologue through which
 * a test can harm them, and an answer can be held back. The page, its policy and its headers are the app's own.
 */
export class InjectingServer {
  readonly #app: string;
  readonly #server: Server;
  #onStart: { fault: WorkerFault; times: number } | null = null;
  #holds: Hold[] = [];

  private constructor(app: string) {
    this.#app = app;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /** @param app address of the built app, ending in '/' */
  static async start(app: string): Promise<InjectingServer> {
    const server = new InjectingServer(app);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  /** Ends in '/'. */
  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** The next workers that are started meet this as soon as they run. */
  harmNextWorkers(fault: WorkerFault, times: number): void {
    this.#onStart = { fault, times };
  }

  /** Holds back every answer whose address fits until it is released. `reached` resolves when one waits. */
  hold(pattern: RegExp): { reached: Promise<void>; release: () => void } {
    let reach = (): void => undefined;
    let release = (): void => undefined;
    const reached = new Promise<void>((resolve) => (reach = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    const hold: Hold = { pattern, reached: reach, released };
    this.#holds.push(hold);
    return {
      reached,
      release: () => {
        this.#holds = this.#holds.filter((one) => one !== hold);
        release();
      },
    };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').slice(1);
    // It would ask for engine workers, too, and answer for them.
    if (path === 'service-worker.js') {
      response.writeHead(404).end();
      return;
    }
    for (const { reached, released } of this.#holds.filter((hold) => hold.pattern.test(path))) {
      reached();
      await released;
    }
    const answer = await fetch(this.#app + path);
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => !OF_TRANSFER.has(name)));
    const body = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, { ...headers, 'cache-control': 'no-store' });
    const begun = ENGINE_WORKER.test(new URL(request.url ?? '/', this.#app).pathname);
    response.end(begun ? Buffer.concat([Buffer.from(workerPrologue(this.#takeHarm())), body]) : body);
  }

  #takeHarm(): WorkerFault | null {
    if (!this.#onStart || this.#onStart.times === 0) return null;
    this.#onStart.times -= 1;
    return this.#onStart.fault;
  }
}
