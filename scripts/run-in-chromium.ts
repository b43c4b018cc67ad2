import { resolve } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright';
import { createServer, type Plugin, type ViteDevServer } from 'vite';
import { CHROMIUM_FLAGS, ensureChromium, WEBGPU_FLAGS } from './chromium.ts';
import { headlessConfig } from './vite/headless-config.ts';

export interface HeadlessOptions {
  /** Work folder of `host.readFile` and `host.writeFile`. Default: `test-results/headless`. */
  files?: string;
  /** Files and folders of this machine that the entry may read, by the name it knows them by. */
  folders?: Readonly<Record<string, string>>;
  /** Browser profile to keep IndexedDB in between runs; needs a fixed `port`, since storage belongs to an origin. */
  profile?: string;
  port?: number;
  /** What the server has beside its own. */
  plugins?: Plugin[];
}

export interface HeadlessRun extends HeadlessOptions {
  /** Module with `export default async function (args, host)`, as a path from the repository: `/scripts/entries/foo.ts`. */
  entry: string;
  /** Handed to the entry; JSON only. */
  args?: unknown;
  /** Lines from `host.log`, and errors and warnings from the page's console. Default: stdout. */
  onLog?: (line: string) => void;
}

const launchOptions = () => ({
  executablePath: ensureChromium(),
  headless: true,
  args: [...CHROMIUM_FLAGS, ...WEBGPU_FLAGS],
});

/** An empty `profile` makes Playwright use a temporary one and delete it afterwards. */
const openBrowser = (profile = ''): Promise<BrowserContext> =>
  chromium.launchPersistentContext(profile && resolve(profile), launchOptions());

function reportConsole(page: Page, onLog: (line: string) => void): void {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) onLog(`[${message.type()}] ${message.text()}`);
  });
  page.on('pageerror', (error) => onLog(`[page] ${error.stack ?? error.message}`));
}

function addressOf(server: ViteDevServer): string {
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error('The development server has no address.');
  return address;
}

/** What the page's error says, without the name that Playwright puts before it and the stack behind it. */
function inWords(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^page\.evaluate: (\w*Error: )?/, '').replace(/\n +at [^]*$/, '');
}

/** A page that runs entries one after another; modules keep their state between runs. */
export interface EntryPage {
  /** @throws whatever the entry throws; Error when the page crashes. */
  run(entry: string, args?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

async function openPage(
  context: BrowserContext,
  address: string,
  onLog: (line: string) => void,
): Promise<EntryPage> {
  const page = await context.newPage();
  reportConsole(page, onLog);
  await page.exposeFunction('hostLog', onLog);
  const crashed = new Promise<never>((_, reject) => {
    page.on('crash', () => reject(new Error('The page crashed (out of memory?).')));
    context.on('close', () => reject(new Error('Chromium ended before the run did.')));
  });
  crashed.catch(() => undefined);
  await page.goto(`${address}headless`);
  await page.waitForFunction('"runEntry" in globalThis');
  return {
    run: async (entry, args = null) => {
      const call = `runEntry(${JSON.stringify(entry)}, ${JSON.stringify(args)})`;
      try {
        return await Promise.race([page.evaluate(call), crashed]);
      } catch (cause) {
        throw new Error(inWords(cause), { cause });
      }
    },
    close: () => page.close(),
  };
}

/** A server of the app's own modules and a Chromium, for pages that run beside each other. */
export interface Headless {
  openPage(onLog?: (line: string) => void): Promise<EntryPage>;
  context: BrowserContext;
  close(): Promise<void>;
}

export async function openHeadless(options: HeadlessOptions = {}): Promise<Headless> {
  const server = await createServer(
    headlessConfig(
      resolve(options.files ?? 'test-results/headless'),
      options.port ?? 0,
      options.folders ?? {},
      options.plugins,
    ),
  );
  try {
    await server.listen();
    const context = await openBrowser(options.profile);
    const close = async () => {
      await context.close();
      await server.close();
    };
    return { openPage: (onLog = console.log) => openPage(context, addressOf(server), onLog), context, close };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/**
 * Runs one entry in headless Chromium on the app's own modules and resolves with what it returns.
 * Server and browser are gone when this settles.
 * @throws whatever the entry throws; Error when the page crashes.
 */
export async function runInChromium({ entry, args, onLog, ...options }: HeadlessRun): Promise<unknown> {
  const headless = await openHeadless(options);
  try {
    const page = await headless.openPage(onLog);
    return await page.run(entry, args);
  } finally {
    await headless.close();
  }
}
