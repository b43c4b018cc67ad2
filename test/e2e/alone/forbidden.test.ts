import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { address, launch, visit, watchedPage } from '../browser.ts';
import { takeViolations } from '../violation-reports.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch('wasm');
});
afterAll(() => browser.close());

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
