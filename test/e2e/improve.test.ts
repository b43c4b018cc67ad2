import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, longestMainThreadTask, visit, watchedPage, type WatchedPage } from './browser.ts';
import { startSmallRun, whenFinished } from './small-run.ts';
import { LONG } from '../long.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch('wasm');
});
afterAll(() => browser.close());

test('a setting out of its range is refused in words, and what is shown is what is used', async () => {
  const { page, context, problems } = await watchedPage(browser);
  await visit(page, '#/improve/new');
  await page.getByText('All settings').click();
  for (const [label, typed, kept] of [
    ['Top-k', '-3', '0'],
    ['Top-p', '1.5', '1'],
    ['Held-out items', '', '300'],
  ] as const) {
    const field = page.getByLabel(label, { exact: true });
    await field.fill(typed);
    await field.press('Tab');
    const said = page.getByRole('alert').filter({ hasText: `It is still ${kept}.` });
    await said.waitFor();
    expect(await field.inputValue()).toBe(kept);
    await field.fill(kept);
    await field.press('Tab');
  }
  expect(problems).toEqual([]);
  await context.close();
});

const job = (page: Page) => page.getByRole('region', { name: 'The running job' });

/** Waits until this stage of the job has done something and says how much. */
async function doneOf(page: Page, stage: string): Promise<number> {
  const bar = job(page).getByRole('progressbar', { name: stage });
  const done = async () => Number((await bar.count()) && (await bar.getAttribute('aria-valuenow')));
  await expect.poll(done, { timeout: 120_000, interval: 30 }).toBeGreaterThan(0);
  return done();
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
    await whenFinished(page);
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

test.runIf(LONG)('a reload in the middle of sampling and of training continues where it was', async () => {
  const watched = await watchedPage(browser);
  const { page } = watched;
  await startSmallRun(page);
  const sampled = await doneOf(page, 'Sampling rationales');
  const address = page.url();
  await page.reload();
  expect(await doneOf(page, 'Sampling rationales')).toBeGreaterThanOrEqual(sampled);
  expect(page.url()).toBe(address);

  await doneOf(page, 'Training with DPO');
  await page.reload();
  await doneOf(page, 'Training with DPO');
  // Nobody presses a button: the run goes on by itself.
  await whenFinished(page);
  await close(watched);
});
