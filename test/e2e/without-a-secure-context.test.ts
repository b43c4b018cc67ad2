import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LONG } from '../long.ts';
import { launch, watchedPage, type WatchedPage } from './browser.ts';
import { DeployedPage } from './deployed-page.ts';
import { accuracy, ended, job, startRun, TINY_RUN } from './faults/run.ts';

let browser: Browser;
let site: DeployedPage;
beforeAll(async () => {
  // A name that is not this machine's: the browser trusts 127.0.0.1 without encryption, and no other host.
  browser = await launch('webgpu', ['--host-resolver-rules=MAP school.test 127.0.0.1']);
  site = await DeployedPage.in(['']);
});
afterAll(async () => {
  await browser.close();
  await site.remove();
});

/** A page whose browser says that it leaves out a header which counts over https only. */
async function plainPage(): Promise<WatchedPage> {
  const watched = await watchedPage(browser);
  watched.meant = /Cross-Origin-Opener-Policy header has been ignored/;
  return watched;
}

test.runIf(LONG)(
  'over plain http the page says what is missing, judges, trains and keeps the run',
  async () => {
    const { page, context } = await plainPage();
    const address = site.host.address.replace('127.0.0.1', 'school.test');
    await page.goto(address);
    await page.getByText('This page came over plain http://').waitFor();
    const there = await page.evaluate(() => [
      isSecureContext,
      'locks' in navigator,
      'gpu' in navigator,
      'serviceWorker' in navigator,
      'storage' in navigator,
      'subtle' in crypto,
    ]);
    expect(there).toEqual([false, false, false, false, false, false]);
    await startRun(page, address, TINY_RUN);
    await ended(page);
    await page.reload();
    await accuracy(page).waitFor();
    expect(await page.getByRole('banner').innerText()).toContain('CPU');
    await context.close();
  },
);

test.runIf(LONG)(
  'two tabs over plain http: one follows the other’s run, and does not offer to go on with it',
  async () => {
    const { page: first, context } = await plainPage();
    const address = site.host.address.replace('127.0.0.1', 'school.test');
    await startRun(first, address, TINY_RUN);
    // Paused, it does not end under our hands.
    await job(first).getByRole('button', { name: 'Pause' }).click();
    await job(first).getByRole('button', { name: 'Resume' }).waitFor();
    const second = await context.newPage();
    await second.goto(first.url());
    await second
      .getByText(/another tab/)
      .first()
      .waitFor();
    // Longer than tabs have to tell of themselves.
    await second.waitForTimeout(3000);
    expect(await second.getByText(/another tab/).count()).toBeGreaterThan(0);
    expect(await second.getByRole('button', { name: 'Go on', exact: true }).count()).toBe(0);
    await context.close();
  },
);

test('opened as a file, the page says in a sentence what to do', async () => {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(resolve('dist/index.html')).href);
  expect((await page.locator('body').innerText()).trim()).toMatch(
    /^Judge Playground did not open\. As a file it cannot run: serve its folder, .* and open the address that is printed\./,
  );
  await page.close();
});
