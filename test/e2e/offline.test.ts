import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { writeServiceWorker } from '../../scripts/vite/service-worker.ts';
import { LONG } from '../long.ts';
import { launch, watchedPage, type WatchedPage } from './browser.ts';
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

/** A page that may be without its host: the browser says so of each request, and of the worker that it looks for. */
async function visitor(): Promise<WatchedPage> {
  const watched = await watchedPage(browser);
  watched.meant =
    /net::ERR_CONNECTION_REFUSED|error occurred when fetching the script|digest in the 'integrity'/;
  return watched;
}

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('main').waitFor();
}

/** Waits for the judgment that the page opens on. */
const judgment = (page: Page) =>
  expect.poll(() => page.getByRole('main').innerText(), { timeout: 120_000 }).toMatch(/^.+ Score: [1-5]$/m);

/** The policy that a file of the page comes with, from wherever it comes. */
const policyOf = (page: Page, path: string) =>
  page.evaluate(async (file) => (await fetch(file)).headers.get('content-security-policy'), path);

/** Addresses of all that is kept under this origin. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const all = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    return (await Promise.all(all.map((cache) => cache.keys()))).flat().map(({ url }) => url);
  });

test('below a folder, after one visit and with the host gone: every place, published verdicts and a judgment', async () => {
  const site = await deploy(FOLDER);
  const address = site.address(FOLDER);
  const { page, context } = await visitor();
  await open(page, address);
  await keptOffline(page);
  const engine = (await kept(page)).find((url) => url.includes('/workers/engine'))!;
  const policy = await policyOf(page, engine);
  await site.host.stop();

  await page.goto(`${address}?backend=wasm#/judge`);
  await judgment(page);
  // The page's and the worker's, as some hosts send both.
  expect(policy).toContain("trusted-types 'none'");
  expect(await policyOf(page, engine)).toBe(policy);
  await expect(policyOf(page, '_headers')).rejects.toThrow('Failed to fetch');
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

test.runIf(LONG)(
  'two copies under one origin keep apart, also when one of them erases everything',
  async () => {
    const site = await deploy('', FOLDER);
    const { page: outer, context } = await visitor();
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
      return [
        kind,
        names(...at, ...below.map((name) => (kind === 'files' ? encodeURIComponent(name) : name))),
      ];
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
    await site.host.stop();
    await outer.reload();
    await outer.getByText('Micro-judging tasks').first().waitFor();
    // It answers for nothing of the other copy's.
    await expect(policyOf(outer, `${FOLDER}index.html`)).rejects.toThrow('Failed to fetch');
    await context.close();
  },
);

const isNewer = (page: Page) => page.evaluate(() => document.documentElement.dataset['version'] === 'newer');

/** Puts another version of the page where the first one was. */
async function publishNewer(site: DeployedPage): Promise<void> {
  const file = join(site.root, FOLDER, 'index.html');
  writeFileSync(file, readFileSync(file, 'utf8').replace('<html ', '<html data-version="newer" '));
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

test.runIf(LONG)(
  'a newer version says so when no run is under way, and begins when the reader says so',
  async () => {
    const site = await deploy(FOLDER);
    const { page, context } = await visitor();
    await open(page, site.address(FOLDER));
    await keptOffline(page);
    let loaded = 0;
    page.on('load', () => loaded++);
    await startRun(page, site.address(FOLDER), TINY_RUN);
    await job(page).waitFor();
    await job(page).getByRole('button', { name: 'Pause' }).click();
    await job(page).getByRole('button', { name: 'Resume' }).waitFor();
    await publishNewer(site);
    // The service worker answers with the version that the page is of.
    await lookForVersion(page);
    const use = page.getByRole('button', { name: 'Use the new version' });
    await page.waitForTimeout(1000);
    expect(await use.count()).toBe(0);
    await job(page).getByRole('button', { name: 'Cancel' }).click();
    await use.waitFor();
    expect(loaded).toBe(0);
    expect(await isNewer(page)).toBe(false);

    await use.click();
    await expect.poll(() => isNewer(page).catch(() => false)).toBe(true);
    await page.getByRole('main').waitFor();
    await expect.poll(() => page.evaluate(async () => (await caches.keys()).length)).toBe(1);
    expect(await use.count()).toBe(0);
    await context.close();
  },
);

test.runIf(LONG)(
  'a file that arrives other than it was built is not kept, and the version with it is not installed',
  async () => {
    const site = await deploy(FOLDER);
    const file = join(site.root, FOLDER, 'data/mt-bench-votes.csv');
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.slice(0, whole.length / 2));
    const { page, context } = await visitor();
    await open(page, site.address(FOLDER));
    const worker = await context.waitForEvent('serviceworker');
    const registrations = () =>
      page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
    await expect.poll(registrations, { timeout: 30_000 }).toBe(0);
    expect(worker.url()).toBe(`${site.address(FOLDER)}service-worker.js`);
    const before = await kept(page);
    expect(before.length).toBeGreaterThan(10);
    expect(before.filter((url) => url.endsWith('.csv'))).toEqual([]);
    // The page works as it does without, and the next visit goes on where this one ended.
    writeFileSync(file, whole);
    await page.reload();
    await keptOffline(page);
    expect((await kept(page)).filter((url) => url.endsWith('.csv')).length).toBe(1);
    await context.close();
  },
);
