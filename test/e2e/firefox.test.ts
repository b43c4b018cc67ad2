import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, visit, watchedPage } from './browser.ts';
import { firefoxPage, launchFirefox, textOf, visitPlace } from './firefox.ts';
import { LONG } from '../long.ts';

/** A rationale with its score, on a line of its own. */
const JUDGMENT = /^.+ Score: [1-5]$/m;

/** A run that is small enough for a test and goes through every stage. */
const SMALL = {
  'Held-out items': 60,
  'Items per round (M)': 64,
  'Samples per item (N)': 8,
  'Pairs per step': 16,
};

const button = (name: string) => `::-p-aria([role="button"][name="${name}"])`;
const tab = (name: RegExp) => async (page: Page) => {
  for (const one of await page.$$('[role="tab"]'))
    if (name.test(await one.evaluate((element) => (element as HTMLElement).innerText))) return one;
  return null;
};
const results = tab(/Results[^]*%/);

async function startSmallRun(page: Page): Promise<void> {
  await visitPlace(page, '#/improve/new');
  await page.locator('::-p-text(All settings)').click();
  for (const [label, value] of Object.entries(SMALL)) {
    const field = await page.waitForSelector(`::-p-aria([name="${label}"][role="spinbutton"])`);
    await field!.click({ count: 3 });
    await page.keyboard.type(String(value));
    await page.keyboard.press('Tab');
  }
  await page.locator(button('Run all')).click();
}

/** Waits until this stage of the job has done something and says how much. */
async function doneOf(page: Page, stage: string): Promise<number> {
  const done = () =>
    page.evaluate((name) => {
      const bars = [...document.querySelectorAll('[role="progressbar"]')];
      return Number(
        bars.find((bar) => bar.getAttribute('aria-label') === name)?.getAttribute('aria-valuenow') ?? 0,
      );
    }, stage);
  let seen = 0;
  await expect.poll(async () => (seen = await done()), { timeout: 120_000, interval: 30 }).toBeGreaterThan(0);
  return seen;
}

describe.runIf(LONG)('in Firefox', () => {
  let firefox: Browser;
  beforeAll(async () => {
    firefox = await launchFirefox();
  });
  afterAll(() => firefox.close());

  test('each of the six places opens, as wide as its window, on a phone and on a projector', async () => {
    const page = await firefoxPage(firefox);
    for (const route of ['#/', '#/judge', '#/data', '#/improve', '#/labs', '#/compare'])
      for (const width of [360, 1920]) {
        await page.setViewport({ width, height: 740 });
        await visitPlace(page, route);
        const sideways = () =>
          page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        await expect.poll(sideways, { message: `${route} at ${width} px` }).toBe(0);
      }
    await page.browserContext().close();
  });

  test('the judge writes on the CPU what it writes in Chromium', async () => {
    const page = await firefoxPage(firefox);
    await visitPlace(page, '#/judge');
    await expect.poll(() => textOf(page, 'main'), { timeout: 120_000 }).toMatch(JUDGMENT);
    await expect.poll(() => textOf(page, 'header')).toContain('CPU');
    const [inFirefox] = JUDGMENT.exec(await textOf(page, 'main'))!;
    await page.browserContext().close();

    const chromium = await launch('wasm');
    const { page: other } = await watchedPage(chromium);
    await visit(other, '#/judge');
    const main = other.getByRole('main');
    await expect.poll(() => main.innerText(), { timeout: 120_000 }).toMatch(JUDGMENT);
    expect(await main.innerText()).toContain(inFirefox);
    await chromium.close();
  });

  test('a run goes on by itself after reloads in sampling and in training, and ends with results', async () => {
    const page = await firefoxPage(firefox);
    await startSmallRun(page);
    const sampled = await doneOf(page, 'Sampling rationales');
    const run = page.url();
    await page.reload();
    expect(await doneOf(page, 'Sampling rationales')).toBeGreaterThanOrEqual(sampled);
    expect(page.url()).toBe(run);

    await doneOf(page, 'Training with DPO');
    await page.reload();
    await doneOf(page, 'Training with DPO');
    // Nobody presses a button: the run goes on by itself.
    await expect.poll(() => results(page), { timeout: 180_000 }).not.toBeNull();
    await (await tab(/^Train/)(page))!.click();
    // The first step's DPO loss is ln 2.
    await expect.poll(() => textOf(page, 'main')).toContain('0.6931');
    await page.browserContext().close();
  });
});
