import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, longestMainThreadTask, visit, watchedPage, type WatchedPage } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch('wasm');
});
afterAll(() => browser.close());

/** A run that is small enough for a test and goes through every stage. */
const SMALL = {
  'Held-out items': 60,
  'Items per round (M)': 24,
  'Samples per item (N)': 4,
  'Pairs per step': 4,
};

async function startSmallRun(page: Page): Promise<void> {
  await visit(page, '#/improve/new');
  await page.getByText('All settings').click();
  for (const [label, value] of Object.entries(SMALL)) {
    const field = page.getByLabel(label, { exact: true });
    await field.fill(String(value));
    await field.press('Tab');
  }
  await page.getByRole('button', { name: 'Run all' }).click();
}

const job = (page: Page) => page.getByRole('region', { name: 'The running job' });
const accuracy = (page: Page) => page.getByRole('tab', { name: /Results.*%/ });

async function untilStage(page: Page, stage: RegExp): Promise<void> {
  await expect.poll(() => job(page).innerText(), { timeout: 60_000, interval: 50 }).toMatch(stage);
}

async function close({ context, problems }: WatchedPage): Promise<void> {
  expect(problems).toEqual([]);
  await context.close();
}

test('Run all makes rationales, pairs, a trained judge and results, and the page never freezes', async () => {
  const watched = await watchedPage(browser);
  const { page } = watched;
  const longest = await longestMainThreadTask(browser, page, async () => {
    await startSmallRun(page);
    await accuracy(page).waitFor({ timeout: 180_000 });
  });
  expect(longest).toBeLessThan(100);

  await page.getByRole('tab', { name: /^Train/ }).click();
  // The visible self-test: the first step's DPO loss is ln 2.
  await page.getByText('0.6931', { exact: false }).first().waitFor();
  await page.getByRole('tab', { name: /^Pairs/ }).click();
  await page.getByRole('tab', { name: /^Results/ }).click();
  await page
    .getByText(/held-out/)
    .first()
    .waitFor();
  await close(watched);
});

test('a reload in the middle of sampling and of training continues where it was', async () => {
  const watched = await watchedPage(browser);
  const { page } = watched;
  await startSmallRun(page);
  for (const stage of [/judgments|rationales/i, /pairs.*train|step/i]) {
    await untilStage(page, stage);
    const address = page.url();
    await page.reload();
    await page.getByRole('main').waitFor();
    expect(page.url()).toBe(address);
  }
  // Nobody presses a button: the run goes on by itself.
  await accuracy(page).waitFor({ timeout: 180_000 });
  await close(watched);
});
