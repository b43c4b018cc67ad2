import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { address, launch, sidewaysOverflow, visit, watchedPage, type WatchedPage } from './browser.ts';
import { settled } from './settled.ts';
import { takeViolations } from './violation-reports.ts';
import { LONG } from '../long.ts';

const PLACES = [
  { name: 'Start', route: '#/' },
  { name: 'Judge', route: '#/judge' },
  { name: 'Data', route: '#/data' },
  { name: 'Improve', route: '#/improve' },
  { name: 'Labs', route: '#/labs' },
  { name: 'Compare', route: '#/compare' },
];
const SCREENSHOTS = 'test-results/screenshots';

let browser: Browser;
beforeAll(async () => {
  browser = await launch('wasm');
  mkdirSync(SCREENSHOTS, { recursive: true });
});
afterAll(() => browser.close());

test('each of the six places opens by its route, without a violation or an error', async () => {
  const { page, context, problems } = await watchedPage(browser);
  for (const place of PLACES) {
    await visit(page, place.route);
    const current = page.getByRole('navigation').locator('[aria-current="page"]');
    await expect.poll(() => current.allInnerTexts()).toEqual([place.name]);
  }
  expect(problems).toEqual([]);
  await context.close();
});

test('links, Back, Forward and reload keep the place', async () => {
  const { page, context } = await watchedPage(browser);
  const place = () => new URL(page.url()).hash;
  await visit(page, '#/');
  await page.getByRole('navigation').getByRole('link', { name: 'Judge' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Data' }).click();
  expect(place()).toBe('#/data');
  await page.goBack();
  expect(place()).toBe('#/judge');
  await page.goForward();
  expect(place()).toBe('#/data');
  await page.reload();
  await page.getByRole('main').waitFor();
  expect(place()).toBe('#/data');
  expect(await page.getByRole('navigation').locator('[aria-current="page"]').allInnerTexts()).toEqual([
    'Data',
  ]);
  await context.close();
});

test('the policy really forbids: inline styles, other hosts, HTML from strings', async () => {
  const watched = await watchedPage(browser);
  const { page, context, problems } = watched;
  watched.meant = /Policy|TrustedHTML|^(connect-src|require-trusted-types-for|style-src-elem) violated by /;
  await visit(page, '#/');
  const refused = await page.evaluate(async () => {
    const outcome: string[] = [];
    await fetch('https://example.com/').catch(() => outcome.push('fetch'));
    try {
      document.createElement('div').innerHTML = '<b>text</b>';
    } catch {
      outcome.push('innerHTML');
    }
    const style = document.createElement('style');
    document.head.append(style);
    style.textContent = 'body { color: red }';
    if (!style.sheet?.cssRules.length) outcome.push('style');
    return outcome;
  });
  expect(refused).toEqual(['fetch', 'innerHTML', 'style']);
  // The watcher that the other tests trust sees it too.
  await expect.poll(() => problems).toContainEqual(expect.stringMatching(/^connect-src violated by https:/));
  // So does the browser that reports them: each of the two writes to a style is one.
  const reported: string[] = [];
  await expect.poll(async () => reported.push(...(await takeViolations(address())))).toBe(4);
  expect(reported).toContainEqual(expect.stringMatching(/^connect-src violated by https:.* in http:/));
  await context.close();
});

describe.each(LONG ? (['light', 'dark'] as const) : (['light'] as const))('in %s', (colorScheme) => {
  // One visit for all: opening the page anew took most of the time.
  let watched: WatchedPage;
  beforeAll(async () => {
    watched = await watchedPage(browser, { colorScheme });
  });
  afterAll(() => watched.context.close());

  test.each(PLACES)('$name fits a phone, a laptop and a projector', async ({ name, route }) => {
    const { page, problems } = watched;
    await page.setViewportSize({ width: 1280, height: 800 });
    await visit(page, route);
    await settled(page);
    for (const width of [360, 1280, 1920]) {
      await page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
      const path = `${SCREENSHOTS}/${name.toLowerCase()}-${width}-${colorScheme}.png`;
      await page.screenshot({ path, fullPage: true });
      expect(await sidewaysOverflow(page), `${name} scrolls sideways at ${width} px`).toBeLessThanOrEqual(0);
    }
    expect(await page.getByText('This page did not load').count()).toBe(0);
    expect(problems).toEqual([]);
  });
});
