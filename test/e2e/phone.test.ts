import { devices } from 'playwright';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LONG } from '../long.ts';
import { address, launch, sidewaysOverflow, visit, watchedPage } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch('wasm');
});
afterAll(() => browser.close());

test.runIf(LONG)(
  'a phone is asked before it trains, and told what that takes; judging and terms need no leave',
  async () => {
    const { page, context, problems } = await watchedPage(browser, devices['Pixel 7']);
    await visit(page, '#/improve/new');
    const gate = page.getByRole('group', { name: 'Training on a phone' });
    await gate.getByText(/about \d+(\.\d)? MB of memory/).waitFor();
    expect(await page.getByRole('button', { name: 'Run all' }).count()).toBe(0);
    await gate.getByRole('button', { name: 'Train on this phone' }).tap();
    await page.getByRole('button', { name: 'Run all' }).waitFor();

    await page.getByRole('button', { name: 'true score' }).tap();
    const note = page.getByRole('status').filter({ hasText: 'The score that an item really deserves' });
    await note.waitFor();
    const box = (await note.boundingBox())!;
    const { width } = page.viewportSize()!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(width);
    expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);

    await visit(page, '#/judge');
    await expect
      .poll(() => page.getByRole('main').innerText(), { timeout: 120_000 })
      .toMatch(/Score: [1-5]$/m);
    await visit(page, '#/labs/uncertainty');
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
    expect(problems).toEqual([]);
    await context.close();
  },
);

const MISSING = [
  ['Worker', 'This browser has no web workers'],
  ['WebAssembly', 'WebAssembly is missing'],
] as const;

test.each(LONG ? MISSING : MISSING.slice(0, 1))(
  'without %s the page says so in a sentence, and can be read',
  async (feature, sentence) => {
    const watched = await watchedPage(browser);
    watched.meant = /Worker|WebAssembly|judge/;
    const { page, context } = watched;
    await context.addInitScript((name) => {
      Reflect.deleteProperty(globalThis, name);
    }, feature);
    await visit(page, '#/labs');
    await page.getByRole('alert').filter({ hasText: sentence }).waitFor();
    await page.getByRole('heading', { name: 'Labs', exact: true }).waitFor();
    await context.close();
  },
);

test('without IndexedDB nothing is kept, which the page says', async () => {
  const { page, context } = await watchedPage(browser);
  await context.addInitScript(() => {
    Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
  });
  await visit(page, '#/data');
  await page.getByRole('alert').filter({ hasText: 'nothing is kept' }).waitFor();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await context.close();
});

test.runIf(LONG)('where scripts are off or do not run, the page says what to do', async () => {
  const { page, context } = await watchedPage(browser, { javaScriptEnabled: false });
  await page.goto(address());
  // Playwright looks for no text in a noscript element.
  const told = page.locator('noscript p');
  await told.waitFor();
  expect(await told.innerText()).toContain('needs JavaScript: switch it on');
  await context.close();

  const broken = await watchedPage(browser);
  broken.meant = /./;
  await broken.page.route('**/*.js', (route) => route.abort());
  await broken.page.goto(address());
  await broken.page.getByText('Judge Playground did not open.').waitFor({ timeout: 15_000 });
  await broken.context.close();
});
