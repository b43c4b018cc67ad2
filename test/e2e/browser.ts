import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright';
import { afterEach, expect, inject } from 'vitest';
import { CHROMIUM_FLAGS, ensureChromium, WEBGPU_FLAGS } from '../../scripts/chromium.ts';
import { takeViolations } from './violation-reports.ts';

export type EngineChoice = 'webgpu' | 'wasm';

/** A Chromium with SwiftShader's WebGPU, or one as it starts on a machine without a GPU: no adapter. */
export const launch = (engine: EngineChoice, flags: string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath: ensureChromium(),
    args: [...CHROMIUM_FLAGS, ...(engine === 'webgpu' ? WEBGPU_FLAGS : []), ...flags],
  });

/** A page of its own context, and everything that went wrong on it so far. */
export interface WatchedPage {
  page: Page;
  context: BrowserContext;
  problems: string[];
  /** Which problems a test means to cause; null: none. */
  meant: RegExp | null;
}

/** What the console says of a request that failed, as it does where a test lets it fail. */
export const FAILED_REQUEST = /^console: Failed to load resource: /;

const watchedPages: WatchedPage[] = [];

// Whoever uses a watched page need not remember to look.
afterEach(async () => {
  const problems = watchedPages.flatMap((watched) =>
    watched.problems.splice(0).filter((problem) => !watched.meant?.test(problem)),
  );
  const violations = await takeViolations(inject('address'));
  expect([...problems, ...violations], 'problems of watched pages').toEqual([]);
});

/**
 * Opens a page that records console errors, uncaught errors and every violation of the security policy. Those of its workers
 * the browser reports. Each test of the file fails that leaves one behind.
 */
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
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  const watched: WatchedPage = { page, context, problems, meant: null };
  watchedPages.push(watched);
  return watched;
}

/** Opens one of the six places by its route, e.g. `#/judge`. */
export async function visit(page: Page, route: string): Promise<void> {
  await page.goto(inject('address') + route);
  await page.getByRole('main').waitFor();
}

/** Pixels by which the page is wider than its window. */
export const sidewaysOverflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

export const address = (): string => inject('address');

/** One complete event of Chromium's trace; times in microseconds. */
interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Time that its thread really ran. */
  tdur?: number;
  args: { name?: string };
}

/**
 * The longest task of the page's main thread during `work`, in milliseconds of that thread's own CPU time.
 * Not wall time: engine workers keep both cores of a test machine busy, so that a task of 5 ms was seen to take
 * 226 ms by the clock while the system ran other threads.
 */
export async function longestMainThreadTask(
  browser: Browser,
  page: Page,
  work: () => Promise<void>,
): Promise<number> {
  await browser.startTracing(page, { categories: ['toplevel'] });
  await work();
  const trace = JSON.parse((await browser.stopTracing()).toString('utf8')) as { traceEvents: TraceEvent[] };
  const thread = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const isMain = ({ name, args }: TraceEvent) => name === 'thread_name' && args.name === 'CrRendererMain';
  const main = new Set(trace.traceEvents.filter(isMain).map(thread));
  // What goes on in promises after a message of the browser is no task for the tracer.
  const isWork = ({ name }: TraceEvent) => /(RunTask|PerformMicrotaskCheckpoint)$/.test(name);
  const tasks = trace.traceEvents.filter((event) => main.has(thread(event)) && isWork(event));
  if (tasks.length === 0) throw new Error('The trace has no tasks of a main thread.');
  return Math.max(...tasks.map(({ tdur }) => (tdur ?? 0) / 1000));
}
