import type { Plugin } from 'vite';
import { openHeadless, type EntryPage, type Headless } from '../scripts/run-in-chromium.ts';
import { SiteServer } from './site.ts';

/** Lets a page use threads (SharedArrayBuffer), which wllama and ONNX Runtime need for more than one. */
const crossOriginIsolation: Plugin = {
  name: 'cross-origin-isolation',
  configureServer: (server) => {
    server.middlewares.use((_request, response, next) => {
      response.setHeader('cross-origin-opener-policy', 'same-origin');
      response.setHeader('cross-origin-embedder-policy', 'require-corp');
      next();
    });
  },
};

/** What the contenders of one run share: opened when first asked for, closed at the end. */
export class Bench {
  readonly quick: boolean;
  readonly rounds: number;
  readonly log: (line: string) => void;
  #headless: Promise<Headless> | null = null;
  #site: Promise<SiteServer> | null = null;

  constructor(quick: boolean, log: (line: string) => void) {
    this.quick = quick;
    this.rounds = quick ? 1 : 5;
    this.log = log;
  }

  /** A new tab of the one Chromium, cross-origin isolated. */
  async openPage(): Promise<EntryPage> {
    this.#headless ??= openHeadless({ plugins: [crossOriginIsolation] });
    return (await this.#headless).openPage(this.log);
  }

  /** The app, built and served as from a static host. */
  site(): Promise<SiteServer> {
    this.#site ??= SiteServer.open();
    return this.#site;
  }

  async close(): Promise<void> {
    await (await this.#headless)?.close();
    await (await this.#site)?.close();
  }
}
