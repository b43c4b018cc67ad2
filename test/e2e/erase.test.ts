import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LONG } from '../long.ts';
import { address, launch, visit, watchedPage } from './browser.ts';
import { job, QUICK_RUN, startRun } from './faults/run.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch('wasm');
});
afterAll(() => browser.close());

/** How many records each store of each database holds. */
const stored = (page: Page): Promise<Record<string, number>> =>
  page.evaluate(async () => {
    const counts: Record<string, number> = {};
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(`"${name}" does not open`));
      });
      for (const store of database.objectStoreNames)
        counts[`${name} ${store}`] = await new Promise((resolve) => {
          const request = database.transaction(store).objectStore(store).count();
          request.onsuccess = () => resolve(request.result);
        });
      database.close();
    }
    return counts;
  });

test.runIf(LONG)(
  'everything can be erased: no record of a run is left, nor an offer to go on with one',
  async () => {
    const { page: first, context } = await watchedPage(browser);
    await visit(first, '#/improve/new');
    await first.getByRole('button', { name: 'Run all' }).waitFor();
    const untouched = await stored(first);
    await startRun(first, address(), QUICK_RUN);
    await job(first).waitFor();
    await expect
      .poll(async () => (await stored(first))['judge-playground judgments'], { timeout: 20_000 })
      .toBeGreaterThan(16);
    await first.close();

    const page = await context.newPage();
    await visit(page, '#/data');
    const goOn = page.getByRole('button', { name: 'Go on' });
    await goOn.waitFor();
    await page.getByRole('button', { name: 'Make room…' }).first().click();
    await page.getByRole('button', { name: 'Erase everything…' }).click();
    await page.getByRole('button', { name: 'Keep everything' }).click();
    expect(await goOn.count()).toBe(1);
    await page.getByRole('button', { name: 'Erase everything…' }).click();
    const reloaded = page.waitForEvent('load');
    await page.getByRole('button', { name: 'Erase everything', exact: true }).click();
    await reloaded;
    await page.getByText('Micro-judging tasks').first().waitFor();
    await expect.poll(() => stored(page), { timeout: 20_000 }).toEqual(untouched);
    expect(await goOn.count()).toBe(0);
    await context.close();
  },
);
