import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LAB_IDS } from '../../src/labs/registry.ts';
import { LONG } from '../long.ts';
import { faultsOf, grave, withAxe } from './axe.ts';
import { launch, visit, watchedPage } from './browser.ts';
import { settled } from './settled.ts';
import { startSmallRun, whenFinished } from './small-run.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch('wasm');
});
afterAll(() => browser.close());

const WIDTHS = { phone: 360, desktop: 1280 };

/** A colour on its way from day to night is nobody's fault. */
const atRest = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    for (let frames = 0; frames < 60 && (frames < 2 || document.getAnimations().length > 0); frames++)
      await frame();
  });

/** Looks at the page as it stands, by day and by night, on a phone and on a desk. */
async function expectAccessible(page: Page, name: string): Promise<void> {
  for (const [device, width] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width, height: 800 });
    await settled(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await atRest(page);
      const faults = await faultsOf(page);
      if (faults.length > 0) console.log(`${name}, ${device}, ${colorScheme}:\n${faults.join('\n')}`);
      expect.soft(grave(faults), `${name}, ${device}, ${colorScheme}`).toEqual([]);
    }
  }
}

async function open(route: string): Promise<Page> {
  const { page, context } = await watchedPage(browser, { reducedMotion: 'reduce' });
  await withAxe(context);
  await visit(page, route);
  return page;
}

test('axe finds nothing grave where a lab shows its results', async () => {
  const page = await open('#/labs/judging-the-judges');
  await page.getByText('What the paper found').waitFor();
  await settled(page);
  await expectAccessible(page, 'judging-the-judges');
  await page.context().close();
});

test.runIf(LONG)('nor in any other place and lab, nor in the dialogs', async () => {
  const page = await open('#/');
  for (const place of [
    '',
    'judge',
    'data',
    'improve/new',
    'labs',
    'compare',
    ...LAB_IDS.map((id) => `labs/${id}`),
  ]) {
    await page.goto(page.url().replace(/#.*/, `#/${place}`));
    await settled(page);
    await expectAccessible(page, place || 'start');
  }
  const dialogs = ['Terms', 'Keyboard', /Open the judge’s card/];
  for (const name of dialogs) {
    await page.getByRole('button', { name }).click();
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page, String(name));
    await page.keyboard.press('Escape');
  }
  await page.context().close();
});

test.runIf(LONG)('nor while a run goes on, nor in any of its results', async () => {
  const page = await open('#/improve/new');
  await startSmallRun(page);
  await page.getByRole('progressbar').first().waitFor();
  await expectAccessible(page, 'a run');
  await whenFinished(page);
  for (const tab of [/^Rationales/, /^Pairs/, /^Train/, /^Results/]) {
    await page.getByRole('tab', { name: tab }).click();
    await settled(page);
    await expectAccessible(page, String(tab));
  }
  for (const place of ['compare', 'judge', 'data', '']) {
    await page.goto(page.url().replace(/#.*/, `#/${place}`));
    await settled(page);
    await expectAccessible(page, `${place || 'start'}, after a run`);
  }
  await page.context().close();
});

test('reduced motion: nothing moves, whatever is loading or written', async () => {
  const { page, context } = await watchedPage(browser, { reducedMotion: 'reduce' });
  await visit(page, '#/judge');
  // Whatever lasts longer than a frame, looked for as long as the judge loads and writes.
  const moving = await page.evaluate(async () => {
    const found = new Set<string>();
    const isWritten = () => /Score: [1-5]$/m.test(document.querySelector('main')?.innerText ?? '');
    for (let frames = 0; frames < 3000 && !isWritten(); frames++) {
      for (const animation of document.getAnimations()) {
        const { duration, iterations } = animation.effect!.getComputedTiming();
        if (Number(duration) * Number(iterations) > 20) found.add((animation as CSSAnimation).animationName);
      }
      await new Promise(requestAnimationFrame);
    }
    return { found: [...found], smooth: getComputedStyle(document.documentElement).scrollBehavior };
  });
  expect(moving).toEqual({ found: [], smooth: 'auto' });
  await context.close();
});
