import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterEach, expect } from 'vitest';
import { ensureFirefox } from '../../scripts/firefox.ts';
import { address } from './browser.ts';
import { takeViolations } from './violation-reports.ts';

/** A Firefox that nobody patched, without a window, driven over WebDriver BiDi. */
export const launchFirefox = (): Promise<Browser> =>
  puppeteer.launch({ browser: 'firefox', executablePath: ensureFirefox() });

const problems: string[] = [];

// The same watch that watchedPage keeps in Chromium.
afterEach(async () => {
  expect([...problems.splice(0), ...(await takeViolations(address()))], 'problems in Firefox').toEqual([]);
});

/** Opens a page, in storage of its own. A test fails that leaves an error in its console or violates the policy. */
export async function firefoxPage(browser: Browser): Promise<Page> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => {
    problems.push(`uncaught: ${error instanceof Error ? error.message : String(error)}`);
  });
  return page;
}

/** Opens a place by its route, e.g. `#/judge`. */
export async function visitPlace(page: Page, route: string): Promise<void> {
  await page.goto(address() + route);
  await page.waitForSelector('main h1');
}

/** What stands in the first element of this kind; empty where there is none. */
export const textOf = (page: Page, selector: string): Promise<string> =>
  page.evaluate((one) => document.querySelector<HTMLElement>(one)?.innerText ?? '', selector);
