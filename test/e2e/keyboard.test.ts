import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LONG } from '../long.ts';
import { launch, visit, watchedPage } from './browser.ts';
import { announcements, focusOf, tabTo } from './keyboard.ts';
import { settled } from './settled.ts';
import { SMALL, whenFinished } from './small-run.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch('wasm');
});
afterAll(() => browser.close());

const press = (page: Page, key: string) => page.keyboard.press(key);

/** Types into the field that has the focus, over what stood there. */
async function write(page: Page, text: string): Promise<void> {
  await press(page, 'Control+A');
  await page.keyboard.type(text);
}

test('the main job by keyboard alone: settings, a run, its results, and a judgment by hand', async () => {
  const { page, context, problems } = await watchedPage(browser);
  await visit(page, '#/');
  await press(page, 'Tab');
  expect(await focusOf(page)).toBe('a Skip to content');
  await tabTo(page, /^a Improve$/);
  await press(page, 'Enter');
  await page.getByRole('heading', { name: 'Improve the judge' }).waitFor();
  // The project opens first, which on a first visit waits for the judge.
  await page.getByRole('button', { name: 'Run all' }).waitFor();
  const said = await announcements(page);

  await tabTo(page, /^summary All settings$/);
  await press(page, 'Enter');
  for (const [label, value] of Object.entries(SMALL)) {
    await tabTo(page, new RegExp(`^input ${label.replaceAll(/[()]/g, '\\$&')}$`));
    await write(page, String(value));
  }
  await tabTo(page, /^button Run all$/);
  await press(page, 'Enter');
  await expect.poll(() => focusOf(page)).toBe('button Pause');
  const job = page.getByRole('region', { name: 'The running job' });
  expect(await job.ariaSnapshot()).toMatch(
    /- progressbar "[^"]+"[\s\S]*- button "Pause"[\s\S]*- button "Cancel"/,
  );
  await whenFinished(page);
  // The buttons of the job went with it; one of its results' has the focus.
  expect(await focusOf(page)).toMatch(/^(a|button) /);
  expect(said.filter((text) => /^(Done:|The run)/.test(text))).toEqual([
    'Done: Asking the seed judge.',
    'Done: Sampling rationales, round 1.',
    'Done: Training with DPO, round 1.',
    'The run is done.',
  ]);

  await tabTo(page, /^tab /);
  await press(page, 'End');
  const panel = page.getByRole('tabpanel', { name: /^Results/ });
  await panel.getByRole('table').first().waitFor();
  const results = await panel.getByRole('table').first().ariaSnapshot();
  expect(results).toMatch(
    /- columnheader "seed judge"[\s\S]*- columnheader "remap[\s\S]*- columnheader "round 1"/,
  );
  expect(results).toMatch(/- rowheader "Accuracy[\s\S]*- cell "\d+\.\d %/);
  // A term opens where it stands, Escape closes it, and the focus stays.
  await tabTo(page, /^button Quadratic-weighted κ$/);
  await press(page, 'Enter');
  const note = page.getByRole('status').filter({ hasText: 'Agreement beyond chance' });
  await note.waitFor();
  await press(page, 'Escape');
  await note.waitFor({ state: 'hidden' });
  expect(await focusOf(page)).toBe('button Quadratic-weighted κ');

  await tabTo(page, /^a Judge$/);
  await press(page, 'Enter');
  await page.getByRole('heading', { name: 'Judge an answer' }).waitFor();
  await expect
    .poll(() => said.at(-1), { timeout: 60_000 })
    .toMatch(/^The judge is done: score [1-5] of 5\.$/);
  const before = said.length;
  await tabTo(page, /^textarea Response to judge$/);
  await write(page, 'apples and pears');
  await press(page, 'Control+Enter');
  await expect.poll(() => said.length, { timeout: 60_000 }).toBe(before + 1);
  expect(said.at(-1)).toMatch(/^The judge is done: score [1-5] of 5\.$/);
  const verdict = await page.getByRole('region', { name: 'The verdict' }).ariaSnapshot();
  expect(verdict).toMatch(/- heading "The verdict"[\s\S]*Score: [1-5]/);
  expect(problems).toEqual([]);
  await context.close();
});

test('? lists the keys, and letters can be switched off', async () => {
  const { page, context } = await watchedPage(browser);
  await visit(page, '#/labs');
  await settled(page);
  const dialog = page.getByRole('dialog', { name: 'Keyboard' });
  await tabTo(page, /^a Labs$/);
  await page.keyboard.type('?');
  await dialog.waitFor();
  await tabTo(page, /^input Single letters/);
  await press(page, 'Space');
  await press(page, 'Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await focusOf(page)).toBe('a Labs');
  await page.keyboard.type('?');
  await tabTo(page, /^button Keyboard$/);
  expect(await dialog.isVisible()).toBe(false);
  await press(page, 'Enter');
  await dialog.waitFor();
  expect(await dialog.getByText('switched off').count()).toBeGreaterThan(2);
  await context.close();
});

/** Buttons that open the system's own dialogs, or another page. */
const LEAVES = /choose|open a file|file/i;

test.runIf(LONG)('no button of any place loses the focus', async () => {
  const { page, context } = await watchedPage(browser);
  const lost: string[] = [];
  for (const route of [
    '#/',
    '#/judge',
    '#/data',
    '#/improve/new',
    '#/labs/mt-bench',
    '#/labs/uncertainty',
    '#/compare',
  ]) {
    await visit(page, route);
    await settled(page);
    const names = await page
      .locator('main button:visible:enabled')
      .evaluateAll((all) =>
        all.map((one) => (one.getAttribute('aria-label') ?? one.textContent ?? '').trim()),
      );
    for (const [index, name] of names.entries()) {
      if (LEAVES.test(name)) continue;
      await page.goto('about:blank');
      await visit(page, route);
      await settled(page);
      const button = page.locator('main button:visible:enabled').nth(index);
      if ((await button.count()) === 0) continue;
      await button.focus();
      await press(page, 'Enter');
      await page.waitForTimeout(700);
      if ((await focusOf(page)) === 'nothing') lost.push(`${route}: ${name}`);
    }
  }
  expect(lost).toEqual([]);
  await context.close();
});
