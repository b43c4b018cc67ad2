import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LAB_IDS } from '../../src/labs/registry.ts';
import { LONG } from '../long.ts';
import { launch, longestMainThreadTask, sidewaysOverflow, visit, watchedPage, type WatchedPage } from './browser.ts'; // prettier-ignore

let browser: Browser;
beforeAll(async () => {
  browser = await launch('wasm');
});
afterAll(() => browser.close());

async function close({ context, problems }: WatchedPage): Promise<void> {
  expect(problems).toEqual([]);
  await context.close();
}

const results = (page: Page) => page.getByRole('region', { name: 'What it shows' });
const job = (page: Page) => page.getByRole('region', { name: 'The running job' });

/** A run of the uncertainty lab that is small enough for a test. */
async function startSmallRun(page: Page): Promise<void> {
  await visit(page, '#/labs/uncertainty');
  for (const [label, value] of Object.entries({ Items: '60', 'Judgments of each': '6' })) {
    const field = page.getByLabel(label, { exact: true });
    await field.fill(value);
    await field.press('Tab');
  }
  await page.getByRole('button', { name: 'Run', exact: true }).click();
}

test('the gallery leads to every lab, and fits on a phone', async () => {
  const watched = await watchedPage(browser, { viewport: { width: 360, height: 780 } });
  const { page } = watched;
  await visit(page, '#/labs');
  const links = page.getByRole('main').locator('a[href^="#/labs/"]');
  await expect.poll(() => links.count()).toBe(LAB_IDS.length);
  const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  expect(addresses.toSorted()).toEqual(LAB_IDS.map((id) => `#/labs/${id}`).toSorted());
  expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
  await close(watched);
});

test.each(LONG ? ['judging-the-judges', 'scalable-evaluation', 'mt-bench'] : ['mt-bench'])(
  '%s opens with published verdicts, and no model is loaded for it',
  async (lab) => {
    const watched = await watchedPage(browser);
    const { page } = watched;
    const models: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/models/')) models.push(request.url());
    });
    const longest = await longestMainThreadTask(browser, page, async () => {
      await visit(page, `#/labs/${lab}`);
      // Blocks appear one after another, and what tells of judge and data stands below them.
      await results(page).getByText('What the paper found').waitFor();
      await expect.poll(() => results(page).getByRole('table').count()).toBeGreaterThan(0);
    });
    expect(longest).toBeLessThan(100);
    expect(models).toEqual([]);
    await page.setViewportSize({ width: 360, height: 780 });
    expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
    await close(watched);
  },
);

test('a lab runs on the judge, goes on after a reload, and opens the items behind a mark by keyboard', async () => {
  const watched = await watchedPage(browser);
  const { page } = watched;
  await startSmallRun(page);
  await job(page).getByRole('progressbar').waitFor();
  const longest = await longestMainThreadTask(browser, page, async () => {
    await page.reload();
    // Nobody presses a button: the run goes on by itself.
    await results(page).waitFor({ timeout: 120_000 });
    await expect.poll(() => results(page).getByRole('table').count()).toBeGreaterThan(0);
  });
  expect(longest).toBeLessThan(100);
  expect(await page.getByLabel('Items', { exact: true }).inputValue()).toBe('60');

  const mark = results(page)
    .getByRole('button', { name: /^(?!save\b).*items?/i })
    .first();
  await mark.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/1 of \d+/).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.setViewportSize({ width: 360, height: 780 });
  expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
  await close(watched);
});

test.runIf(LONG)(
  'a paused lab stays paused over a reload, and a cancelled one keeps what was judged',
  async () => {
    const watched = await watchedPage(browser);
    const { page } = watched;
    await startSmallRun(page);
    await job(page).getByRole('button', { name: 'Pause' }).click();
    await job(page).getByRole('button', { name: 'Resume' }).waitFor();
    await page.reload();
    await job(page).getByRole('button', { name: 'Resume' }).click();
    await job(page).getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Go on' }).click();
    await results(page).waitFor({ timeout: 120_000 });
    await close(watched);
  },
);

test('settings travel in the address; what is out of range is put back in words', async () => {
  const watched = await watchedPage(browser);
  const { page } = watched;
  await visit(page, '#/labs/uncertainty?items=80&sigma=0.9');
  const items = page.getByLabel('Items', { exact: true });
  await expect.poll(() => items.inputValue()).toBe('80');
  await items.fill('1000000');
  await items.press('Tab');
  await page.getByRole('alert').filter({ hasText: 'It is still 80.' }).waitFor();
  await items.fill('90');
  await items.press('Tab');
  expect(page.url()).toContain('items=90');
  expect(page.url()).toContain('sigma=0.9');
  await close(watched);
});

test('a file of verdicts is analysed without a judge, and a bad one is refused in words', async () => {
  const watched = await watchedPage(browser);
  const { page } = watched;
  await visit(page, '#/labs/judging-the-judges');
  await page.getByText('A file of verdicts').click();
  const choose = (text: string) =>
    page.locator('input[type=file]').setInputFiles({ name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }); // prettier-ignore
  await choose('item,label\n1,1\n');
  await page.getByRole('alert').filter({ hasText: /verdict/ }).waitFor(); // prettier-ignore
  const rows = ['1,A,m,1,1', '2,A,m,1,0', '3,A,n,0,0', '4,A,n,0,1', '5,A,n,1,1'].join('\n');
  await choose(`item,judge,taker,verdict,label\n${rows}\n`);
  await results(page).waitFor();
  await results(page).getByText('60.0').first().waitFor();
  await choose(`item,judge,taker,verdict,label\n${rows}\n6,A,n,perhaps,1\n`);
  const leftOut = page.getByRole('status').filter({ hasText: '5 of 6 rows can be used.' });
  await leftOut.getByText('Line 7').waitFor();
  await results(page).getByText('60.0').first().waitFor();
  const saved = page.waitForEvent('download');
  await leftOut.getByRole('button', { name: 'Save the rows left out' }).click();
  expect((await saved).suggestedFilename()).toBe('mine - rows left out.csv');
  await close(watched);
});
