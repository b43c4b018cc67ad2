import type { Page } from 'playwright';
import { address } from '../browser.ts';
import { BrowserProcess, type StartOptions } from './browser-process.ts';
import { InjectingServer } from './injecting-server.ts';
import { FAULT_CHANNEL, type FaultCommand, type WorkerFault } from './worker-prologue.ts';

export interface SessionOptions extends StartOptions {
  /** `?backend=webgpu` */
  query?: string;
}

/** A browser of its own, the app served to it, and the tab that a reader has open. */
export class Session {
  page!: Page;
  /** Uncaught errors of the page: a fault may break the engine, never the page. */
  readonly uncaught: string[] = [];

  private constructor(
    readonly server: InjectingServer,
    readonly chromium: BrowserProcess,
    /** Of the page; a route follows. */
    readonly address: string,
  ) {}

  static async open({ query = '', ...options }: SessionOptions = {}): Promise<Session> {
    const server = await InjectingServer.start(address());
    const session = new Session(server, await BrowserProcess.start(options), server.address + query);
    await session.openTab();
    return session;
  }

  /** Opens a tab, which is the reader's from now on. */
  async openTab(): Promise<void> {
    this.page = await this.chromium.newPage();
    this.page.on('pageerror', (error) => this.uncaught.push(error.message));
  }

  /** Closes the reader's tab and opens the place in a new one: what the tab's session remembered is gone. */
  async reopenTab(route: string): Promise<void> {
    const old = this.page;
    await this.openTab();
    await old.close();
    await this.page.goto(this.address + route);
  }

  /** SIGKILL for the whole browser, then the place in a new one on the same profile. */
  async killAndRestart(route: string): Promise<void> {
    await this.chromium.kill();
    await this.chromium.restart();
    await this.openTab();
    await this.page.goto(this.address + route);
  }

  /** Every engine worker that is running now meets this fault. */
  async harmWorkers(fault: WorkerFault): Promise<void> {
    const command: FaultCommand = { fault };
    await this.page.evaluate(
      ([channel, message]) => {
        const to = new BroadcastChannel(channel);
        to.postMessage(message);
        to.close();
      },
      [FAULT_CHANNEL, command] as const,
    );
  }

  async end(): Promise<void> {
    await this.chromium.end();
    await this.server.stop();
  }
}

/** Runs `work` in a session and ends it, whatever happens. */
export async function inSession<T>(
  options: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await Session.open(options);
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}
