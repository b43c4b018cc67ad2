import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright';
import { inject } from 'vitest';
import { CHROMIUM_FLAGS, ensureChromium, WEBGPU_FLAGS } from '../../scripts/chromium.ts';

export type EngineChoice = 'webgpu' | 'wasm';

/** A Chromium with SwiftShader's WebGPU, or one as it starts on a machine without a GPU: no adapter. */
export const launch = (engine: EngineChoice): Promise<Browser> =>
  chromium.launch({
    executablePath: ensureChromium(),
    args: [...CHROMIUM_FLAGS, ...(engine === 'webgpu' ? WEBGPU_FLAGS : [])],
  });

/** A page of its own context, and everything that went wrong on it so far. */
export interface WatchedPage {
  page: Page;
  context: BrowserContext;
  problems: string[];
}

/** Opens a page that records console errors, uncaught errors and every violation of the security policy. */
export async function watchedPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const problems: string[] = [];
  await context.exposeFunction('reportViolation', (text: string) => problems.push(text));
  await context.addInitScript(() => {
    const { reportViolation } = globalThis as unknown as { reportViolation: (text: string) => void };
    document.addEventListener('securitypolicyviolation', (event) =>
      reportViolation(`${event.effectiveDirective} violated by ${event.blockedURI} ${event.sample}`),
    );
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  return { page, context, problems };
}

/** Opens one of the five places by its route, e.g. `#/judge`. */
export async function visit(page: Page, route: string): Promise<void> {
  await page.goto(inject('address') + route);
  await page.getByRole('main').waitFor();
}

export const address = (): string => inject('address');

/**
 * Watches the main thread from now on. The returned function gives the longest task so far in milliseconds; tasks
 * below 50 ms do not count as long and give 0.
 */
export async function watchLongTasks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const watched = globalThis as unknown as { longestTask: number };
    watched.longestTask = 0;
    new PerformanceObserver((list) => {
      for (const task of list.getEntries())
        watched.longestTask = Math.max(watched.longestTask, task.duration);
    }).observe({ type: 'longtask' });
  });
  return () => page.evaluate(() => (globalThis as unknown as { longestTask: number }).longestTask);
}
