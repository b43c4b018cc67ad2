import { resolve } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright';
import { createServer, type ViteDevServer } from 'vite';
import { CHROMIUM_FLAGS, ensureChromium, WEBGPU_FLAGS } from './chromium.ts';
import { headlessConfig } from './vite/headless-config.ts';

export interface HeadlessRun {
  /** Module with `export default async function (args, host)`, as a path from the repository: `/scripts/entries/foo.ts`. */
  entry: string;
  /** Handed to the entry; JSON only. */
  args?: unknown;
  /** Lines from `host.log`, and errors and warnings from the page's console. Default: stdout. */
  onLog?: (line: string) => void;
  /** Work folder of `host.readFile` and `host.writeFile`. Default: `test-results/headless`. */
  files?: string;
  /** Files and folders of this machine that the entry may read, by the name it knows them by. */
  folders?: Readonly<Record<string, string>>;
  /** Browser profile to keep IndexedDB in between runs; needs a fixed `port`, since storage belongs to an origin. */
  profile?: string;
  port?: number;
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

async function runOn(context: BrowserContext, address: string, run: HeadlessRun): Promise<unknown> {
  const onLog = run.onLog ?? console.log;
  const page = context.pages()[0] ?? (await context.newPage());
  reportConsole(page, onLog);
  await page.exposeFunction('hostLog', onLog);
  const crashed = new Promise<never>((_, reject) => {
    page.on('crash', () => reject(new Error('The page crashed (out of memory?).')));
    context.on('close', () => reject(new Error('Chromium ended before the run did.')));
  });
  crashed.catch(() => undefined);
  await page.goto(`${address}headless`);
  await page.waitForFunction('"runEntry" in globalThis');
  const call = `runEntry(${JSON.stringify(run.entry)}, ${JSON.stringify(run.args ?? null)})`;
  return Promise.race([page.evaluate(call), crashed]);
}

/**
 * Runs one entry in headless Chromium on the app's own modules and resolves with what it returns.
 * Server and browser are gone when this settles.
 * @throws whatever the entry throws; Error when the page crashes.
 */
export async function runInChromium(run: HeadlessRun): Promise<unknown> {
  const server = await createServer(
    headlessConfig(resolve(run.files ?? 'test-results/headless'), run.port ?? 0, run.folders ?? {}),
  );
  let context: BrowserContext | undefined;
  try {
    await server.listen();
    context = await openBrowser(run.profile);
    return await runOn(context, addressOf(server), run);
  } finally {
    await context?.close();
    await server.close();
  }
}
