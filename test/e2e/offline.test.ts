import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { writeServiceWorker } from '../../scripts/vite/service-worker.ts';
import { launch, watchedPage } from './browser.ts';
import { DeployedPage, keptOffline } from './deployed-page.ts';
import { job, startRun, TINY_RUN } from './faults/run.ts';

const FOLDER = 'a/b/';

let browser: Browser;
beforeAll(async () => {
  browser = await launch('wasm');
});
afterAll(() => browser.close());

const deployed: DeployedPage[] = [];
afterEach(async () => {
  await Promise.all(deployed.splice(0).map((page) => page.remove()));
});

async function deploy(...folders: string[]): Promise<DeployedPage> {
  const page = await DeployedPage.in(folders);
  deployed.push(page);
  return page;
}

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('main').waitFor();
}

/** Waits for the judgment that the page opens on. */
const judgment = (page: Page) =>
  expect.poll(() => page.getByRole('main').innerText(), { timeout: 120_000 }).toMatch(/^.+ Score: [1-5]$/m);

test('below a folder, after one visit and with the host gone: every place, published verdicts and a judgment', async () => {
  const site = await deploy(FOLDER);
  const address = site.address(FOLDER);
  const { page, context } = await watchedPage(browser);
  await open(page, address);
  await keptOffline(page);
  await site.host.stop();

  await page.goto(`${address}?backend=wasm#/judge`);
  await judgment(page);
  for (const name of ['Start', 'Data', 'Improve', 'Labs', 'Compare']) {
    const link = page.getByRole('navigation').getByRole('link', { name });
    await link.click();
    await expect.poll(() => link.getAttribute('aria-current')).toBe('page');
    await page.getByRole('main').getByRole('heading').first().waitFor();
    expect(await page.getByText('This page did not load').count()).toBe(0);
  }
  await page.goto(`${address}#/labs/mt-bench`);
  await page.getByText('What the paper found').waitFor();
  await expect.poll(() => page.getByRole('main').getByRole('table').count()).toBeGreaterThan(0);
  await page.goto(`${address}index.html#/data`);
  await page.getByText('Micro-judging tasks').first().waitFor();
  await context.close();
});

/** What a file of the page comes with, from wherever it comes. */
const policyOf = (page: Page, path: string) =>
  page.evaluate(async (file) => (await fetch(file)).headers.get('content-security-policy'), path);

test('files come from the cache with their headers, and no other copy’s files come from it', async () => {
  const site = await deploy('', FOLDER);
  const { page, context } = await watchedPage(browser);
  await open(page, site.address(''));
  await keptOffline(page);
  const path = await page.evaluate(async () => {
    const [name] = await caches.keys();
    const urls = (await (await caches.open(name!)).keys()).map(({ url }) => url);
    return new URL(urls.find((url) => url.includes('/workers/engine'))!).pathname;
  });
  const policies = [await policyOf(page, path), await policyOf(page, 'service-worker.js')];
  await site.host.stop();
  expect(await policyOf(page, path)).toBe(policies[0]);
  // The page's and the worker's, as one of these hosts joins them.
  expect(policies[0]).toContain("trusted-types 'none'");
  expect(policies[1]).toBe(policies[0]);
  await expect(policyOf(page, `${FOLDER}index.html`)).rejects.toThrow('Failed to fetch');
  await expect(policyOf(page, '_headers')).rejects.toThrow('Failed to fetch');
  await context.close();
});

/** What a page of this origin has stored, by the names that it has there. */
const stored = (page: Page) =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const files: string[] = [];
    for await (const name of root.keys()) files.push(name);
    const registrations = await navigator.serviceWorker.getRegistrations();
    return {
      databases: (await indexedDB.databases()).map(({ name }) => name).sort(),
      caches: (await caches.keys()).map((name) => name.replace(/@.*/, '')).sort(),
      workers: registrations.map(({ scope }) => new URL(scope).pathname).sort(),
      keys: Object.keys(localStorage)
        .filter((key) => key.includes('project'))
        .sort(),
      files: files.sort(),
    };
  });

test('two copies under one origin keep apart, also when one of them erases everything', async () => {
  const site = await deploy('', FOLDER);
  const { page: outer, context } = await watchedPage(browser);
  const inner = await context.newPage();
  for (const [page, folder] of [
    [outer, ''],
    [inner, FOLDER],
  ] as const) {
    await open(page, `${site.address(folder)}#/data`);
    await page.getByText('Micro-judging tasks').first().waitFor();
    await page.getByRole('button', { name: /Open the judge’s card/ }).click();
    await page.getByRole('tab', { name: 'Models' }).click();
    await page.getByRole('heading', { name: 'Published models' }).waitFor();
    await page.keyboard.press('Escape');
    await keptOffline(page);
  }
  const names = (...all: string[]) => [...all].sort();
  const atRoot = {
    databases: names('judge-playground', 'judge-playground.jobs'),
    caches: ['judge-playground.files'],
    workers: ['/'],
    keys: ['judge-playground.project'],
    files: ['models'],
  };
  const both = Object.entries(atRoot).map(([kind, at]) => {
    const below = kind === 'workers' ? ['/a/b/'] : at.map((name) => `${name}/a/b/`);
    return [kind, names(...at, ...below.map((name) => (kind === 'files' ? encodeURIComponent(name) : name)))];
  });
  expect(await stored(outer)).toEqual(Object.fromEntries(both));

  let reloaded = 0;
  outer.on('load', () => reloaded++);
  await inner.getByRole('button', { name: 'Make room…' }).first().click();
  await inner.getByRole('button', { name: 'Erase everything…' }).click();
  const begins = inner.waitForEvent('load');
  await inner.getByRole('button', { name: 'Erase everything', exact: true }).click();
  await begins;
  await inner.close();
  const left = await stored(outer);
  // The databases are emptied, not removed, and the page that begins anew has a project of its own.
  expect({ ...left, databases: [], keys: [] }).toEqual({ ...atRoot, databases: [], keys: [] });
  expect(left.keys).toContain('judge-playground.project');
  expect(reloaded).toBe(0);
  await outer.reload();
  await outer.getByText('Micro-judging tasks').first().waitFor();
  await context.close();
});

/** Puts another version of the page where the first one was. */
async function publish(site: DeployedPage, title: string): Promise<void> {
  const file = join(site.root, FOLDER, 'index.html');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/<title>.*<\/title>/, `<title>${title}</title>`));
  await writeServiceWorker(join(site.root, FOLDER));
}

/** Has the browser look for a newer version now, and waits until one is kept and waits. */
const lookForVersion = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    const next = registration.installing;
    if (!registration.waiting)
      await new Promise<void>((resolve) =>
        next?.addEventListener('statechange', () => registration.waiting && resolve()),
      );
  });

test('a newer version says so when no run is under way, and begins when the reader says so', async () => {
  const site = await deploy(FOLDER);
  const { page, context } = await watchedPage(browser);
  await open(page, site.address(FOLDER));
  await keptOffline(page);
  let loaded = 0;
  page.on('load', () => loaded++);
  await startRun(page, site.address(FOLDER), TINY_RUN);
  await job(page).waitFor();
  await job(page).getByRole('button', { name: 'Pause' }).click();
  await job(page).getByRole('button', { name: 'Resume' }).waitFor();
  await publish(site, 'Newer');
  // The service worker answers with the version that the page is of.
  await lookForVersion(page);
  const use = page.getByRole('button', { name: 'Use the new version' });
  await page.waitForTimeout(1000);
  expect(await use.count()).toBe(0);
  await job(page).getByRole('button', { name: 'Cancel' }).click();
  await use.waitFor();
  expect(loaded).toBe(0);
  expect(await page.title()).toBe('Judge Playground');

  await use.click();
  await expect.poll(() => page.title()).toBe('Newer');
  await page.getByRole('main').waitFor();
  await expect.poll(() => page.evaluate(async () => (await caches.keys()).length)).toBe(1);
  expect(await use.count()).toBe(0);
  await context.close();
});

test('a file that arrives other than it was built is not kept, and the version with it is not installed', async () => {
  const site = await deploy(FOLDER);
  const file = join(site.root, FOLDER, 'data/mt-bench-votes.csv');
  const whole = readFileSync(file, 'utf8');
  writeFileSync(file, whole.slice(0, whole.length / 2));
  const { page, context } = await watchedPage(browser);
  await open(page, site.address(FOLDER));
  const worker = await context.waitForEvent('serviceworker');
  await page.waitForFunction(
    async () => {
      const [one] = await navigator.serviceWorker.getRegistrations();
      return !one?.installing && !one?.active;
    },
    null,
    { timeout: 60_000 },
  );
  expect(worker.url()).toBe(`${site.address(FOLDER)}service-worker.js`);
  const kept = () =>
    page.evaluate(async () => {
      const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
      return (await Promise.all(caches_.map((cache) => cache.keys()))).flat().map(({ url }) => url);
    });
  expect((await kept()).filter((url) => url.endsWith('.csv'))).toEqual([]);
  // The page works as it does without, and the next visit goes on where this one ended.
  writeFileSync(file, whole);
  await page.reload();
  await keptOffline(page);
  expect((await kept()).filter((url) => url.endsWith('.csv')).length).toBe(1);
  await context.close();
});
