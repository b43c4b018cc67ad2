import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, FrameLocator, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { address, launch, visit, watchedPage } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch('wasm');
});
afterAll(() => browser.close());

const framesOf = (frames: readonly string[]): string =>
  frames.map((src) => `<iframe src="${src}" width="600" height="700"></iframe>`).join('');

/**
 * A page of another origin with this frame. A server of its own: what a test answers in the name of a server counts as
 * the public network, from which Chromium lets no page reach this machine.
 */
async function elsewhere(
  page: Page,
  frame: string,
  work: (frame: FrameLocator) => Promise<void>,
): Promise<void> {
  const server = createServer((_, response) =>
    response.setHeader('Content-Type', 'text/html').end(framesOf([frame])),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await work(page.locator('iframe').contentFrame());
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A page under the same origin that holds these frames. */
async function host(page: Page, url: string, frames: readonly string[]): Promise<FrameLocator[]> {
  const body = framesOf(frames);
  await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto(url);
  return frames.map((_, i) => page.locator('iframe').nth(i).contentFrame());
}

test('three frames work side by side, keep nothing, and ask nobody but their own origin', async () => {
  const { page, context } = await watchedPage(browser, { viewport: { width: 1900, height: 900 } });
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(address()) && /^https?:/.test(request.url())) foreign.push(request.url());
  });
  const [judge, improve, lab] = (await host(page, `${address()}host.html`, [
    `${address()}?embed=judge`,
    `${address()}?embed=improve`,
    `${address()}?embed=lab/mt-bench`,
  ])) as [FrameLocator, FrameLocator, FrameLocator];
  await lab.getByText('What the paper found').waitFor({ timeout: 60_000 });
  await improve.getByRole('button', { name: 'Run all' }).waitFor({ timeout: 60_000 });
  await judge.getByRole('button', { name: 'Share…' }).waitFor({ timeout: 60_000 });
  // No file is taken in a frame: the way to one opens the page itself.
  await lab.getByText('A file of verdicts', { exact: true }).click();
  await lab.getByRole('link', { name: 'Open one in Judge Playground' }).waitFor();
  for (const frame of [judge, improve, lab])
    expect(await frame.locator('input[type=file], .drop').count()).toBe(0);
  expect(foreign).toEqual([]);
  // The host is of the same origin here, so it sees whatever the frames had stored.
  const stored = await page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name),
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    folder: await (async () => {
      const names: string[] = [];
      for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
      return names;
    })(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  expect(stored).toEqual({ databases: [], local: [], session: [], folder: [], workers: 0 });
  await context.close();
});

test('a link that leads out of a frame opens the page itself in a tab of its own', async () => {
  const { page, context } = await watchedPage(browser);
  await elsewhere(page, `${address()}?embed=lab/mt-bench`, async (frame) => {
    const link = frame.getByRole('link', { name: /Open in Judge Playground/ });
    await link.waitFor({ timeout: 60_000 });
    const [opened] = await Promise.all([context.waitForEvent('page'), link.click()]);
    await opened.getByRole('navigation', { name: 'Places' }).waitFor();
    expect(opened.url()).toBe(`${address()}#/labs/mt-bench`);
  });
  await context.close();
});

test('the whole page in a frame offers to open itself instead', async () => {
  const { page, context } = await watchedPage(browser);
  await elsewhere(page, address(), async (frame) => {
    await frame.getByRole('link', { name: /Open it in a tab of its own/ }).waitFor({ timeout: 60_000 });
  });
  await context.close();
});

test('the snippet and the link for a class are made where links are pasted', async () => {
  const { page, context } = await watchedPage(browser);
  await visit(page, '#/shared');
  await page.getByLabel('What it shows').selectOption('uncertainty');
  await expect
    .poll(() => page.getByLabel(/The snippet for your page/).inputValue())
    .toContain('?embed=lab/uncertainty"');
  await page.getByLabel('Title of the lesson').fill('Find the gain');
  await page.getByText('Leave aside').click();
  await page.getByLabel('the place Data').check();
  await page.getByText('Settings that cannot be changed').click();
  await page.getByLabel('Seed', { exact: true }).last().check();
  const link = await page.getByLabel(/^The link,/).inputValue();
  await page.goto('about:blank');
  await page.goto(link);
  await page.getByRole('heading', { name: 'Find the gain' }).waitFor();
  await page.getByRole('button', { name: 'Begin' }).click();
  const places = page.getByRole('navigation', { name: 'Places' });
  await places.getByRole('link', { name: 'Improve' }).waitFor();
  expect(await places.getByRole('link', { name: 'Data' }).count()).toBe(0);
  await page.getByText('All settings').click();
  await expect.poll(() => page.getByLabel('Seed', { exact: true }).isDisabled()).toBe(true);
  await page.reload();
  await page.getByRole('button', { name: 'Unlock everything' }).click();
  await places.getByRole('link', { name: 'Data' }).waitFor();
  await context.close();
});
