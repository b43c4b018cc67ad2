import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MemoryProbe, type PageMemory } from '../../scripts/soak/page-memory.ts';
import { launch, visit, watchedPage } from './browser.ts';
import { LONG } from '../long.ts';

/** A run that is over in seconds, and goes through every stage. */
const TINY = {
  'Held-out items': 8,
  'Items per round (M)': 16,
  'Samples per item (N)': 8,
  'Pairs per step': 16,
};
const RUNS = 20;

/** A set of the embedded judge's weights, which is what one run once left behind. */
const WEIGHTS = 6_852_328;

let browser: Browser;
beforeAll(async () => {
  browser = await launch('wasm');
});
afterAll(() => browser.close());

/** By the address alone: the page is not loaded anew. */
const go = (page: Page, route: string) => page.evaluate((hash) => (location.hash = hash), route);

async function runAll(page: Page): Promise<void> {
  await go(page, '#/improve/new');
  await page.getByRole('button', { name: 'Run all' }).waitFor();
  const first = page.getByLabel('Held-out items', { exact: true });
  if (!(await first.isVisible())) await page.locator('summary', { hasText: 'All settings' }).click();
  for (const [label, value] of Object.entries(TINY)) {
    const field = page.getByLabel(label, { exact: true });
    await field.fill(String(value));
    await field.press('Tab');
  }
  await page.getByRole('button', { name: 'Run all' }).click();
  await page.getByRole('tab', { name: /Results.*%/ }).waitFor({ timeout: 120_000 });
  await page.getByRole('group', { name: 'Keep the judge of round 1' }).waitFor();
}

/** In a place that lists no runs. */
async function atRest(page: Page, probe: MemoryProbe): Promise<PageMemory> {
  await go(page, '#/labs');
  await page.getByRole('heading', { name: 'Labs', level: 1 }).waitFor();
  return probe.read();
}

/** What has grown beyond its scatter: the backing stores since no run was made, the rest since the first. */
async function grownSince(unused: PageMemory, first: PageMemory, probe: MemoryProbe): Promise<string[]> {
  const { page: own, workers, nodes, listeners } = await probe.read();
  const growth: [string, number, number][] = [
    ['backing stores', own.backing - unused.page.backing, WEIGHTS / 4],
    ['heap', own.heap - first.page.heap, 3e6],
    ['workers', workers.length - first.workers.length, 1],
    ['nodes', nodes - first.nodes, 60],
    ['listeners', listeners - first.listeners, 10],
  ];
  return growth.filter(([, by, most]) => by >= most).map(([what, by]) => `${what}: ${by}`);
}

test.runIf(LONG)(
  'run after run, the page holds as much as after the first, and none of the weights',
  async () => {
    const { page, context, problems } = await watchedPage(browser);
    const probe = await MemoryProbe.attach(page);
    await visit(page, '#/labs');
    const unused = await atRest(page, probe);
    await runAll(page);
    const first = await atRest(page, probe);
    for (let run = 1; run < RUNS; run++) {
      await runAll(page);
      await atRest(page, probe);
    }
    // What a worker's message held is freed a moment after it.
    await expect.poll(() => grownSince(unused, first, probe), { timeout: 15_000 }).toEqual([]);
    expect(problems).toEqual([]);
    await context.close();
  },
);
