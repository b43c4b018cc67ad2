import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { address, launch, visit, watchedPage } from './browser.ts';
import { RequestCounter } from './request-counter.ts';

let browser: Browser;
let counter: RequestCounter;
beforeAll(async () => {
  counter = await RequestCounter.start();
  browser = await launch('wasm', counter.chromiumFlags);
});
afterAll(async () => {
  await browser.close();
  await counter.stop();
});

/** What was asked for since the last look: the first two parts of each path below the page, without the names of files. */
function asked(): string[] {
  const own = `GET ${address()}`;
  const places = counter.requests.splice(0).map((request) => {
    if (!request.startsWith(own)) return request;
    const folders = request.slice(own.length).split(/[?#]/)[0]!.split('/');
    return folders.length > 1 ? `${folders.slice(0, -1).join('/')}/` : folders[0]!;
  });
  return [...new Set(places)].sort();
}

const PAGE = ['', 'assets/', 'icon.svg', 'manifest.webmanifest', 'workers/'];
const JUDGE = 'models/nano-judge/';

async function openJudge(page: Page): Promise<void> {
  await visit(page, '#/judge');
  await expect.poll(() => page.getByRole('main').innerText(), { timeout: 120_000 }).toMatch(/Score: [1-5]$/m);
}

async function runFirstStage(page: Page): Promise<void> {
  await visit(page, '#/improve/new');
  await page.getByText('All settings').click();
  await page.getByLabel('Held-out items', { exact: true }).fill('60');
  await page.getByRole('button', { name: 'Run all' }).click();
  const job = page.getByRole('region', { name: 'The running job' });
  await job.getByRole('progressbar', { name: 'Sampling rationales' }).waitFor({ timeout: 120_000 });
  await job.getByRole('button', { name: 'Cancel' }).click();
}

async function saveResults(page: Page): Promise<string> {
  await visit(page, '#/labs/judging-the-judges');
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as JSON' }).click();
  return (await saved).path();
}

test('below the page, too, only its own origin is asked, and only for what the reader does', async () => {
  // What is kept for visits without a network is asked for by nobody's deed: offline.test.ts looks at that.
  const { page, context } = await watchedPage(browser, { serviceWorkers: 'block' });
  await openJudge(page);
  expect(asked().filter((place) => !PAGE.includes(place))).toEqual([JUDGE]);

  for (const place of ['', 'data', 'improve', 'labs', 'compare']) await visit(page, `#/${place}`);
  await runFirstStage(page);
  await page.getByRole('button', { name: /Open the judge’s card/ }).click();
  const drawer = page.getByRole('dialog', { name: 'The judge' });
  await drawer.getByRole('tab', { name: 'Models' }).click();
  await drawer.getByRole('heading', { name: 'Published models' }).waitFor();
  await page.keyboard.press('Escape');
  expect(asked().filter((place) => ![...PAGE, JUDGE].includes(place))).toEqual([]);

  const file = await saveResults(page);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('lab');
  expect(asked().filter((place) => ![...PAGE, JUDGE].includes(place))).toEqual(['data/']);
  await context.close();
});

test('the proxy sees what goes elsewhere, encrypted or not', async () => {
  const page = await browser.newPage();
  counter.requests.splice(0);
  for (const host of ['http://judge.invalid/', 'https://judge.invalid/'])
    await page.goto(host).catch(() => undefined);
  expect(asked()).toEqual(['CONNECT judge.invalid:443', 'GET http://judge.invalid/']);
  await page.close();
});
