import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  launch,
  longestMainThreadTask,
  sidewaysOverflow,
  visit,
  watchedPage,
  type EngineChoice,
} from './browser.ts';

const HEADER: Record<EngineChoice, string> = { wasm: 'CPU', webgpu: 'WebGPU' };
const verdicts: Partial<Record<EngineChoice, string>> = {};

/** A rationale with its score, on a line of its own; the form's hints say "Score: 1 + 4 × …". */
const JUDGMENT = /^.+ Score: [1-5]$/m;

/** The judgment that the page opens on, once its score stands there. */
async function firstVerdict(page: Page): Promise<string> {
  const main = page.getByRole('main');
  await expect.poll(() => main.innerText(), { timeout: 120_000 }).toMatch(JUDGMENT);
  return JUDGMENT.exec(await main.innerText())![0];
}

describe.each(['wasm', 'webgpu'] as const)('with %s', (engine) => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch(engine);
  });
  afterAll(() => browser.close());

  test('the Judge page opens on a verdict under the strict policy', async () => {
    const { page, context, problems } = await watchedPage(browser);
    // Without a GPU the page has to choose WASM by itself; SwiftShader's WebGPU has to be asked for.
    await visit(page, engine === 'webgpu' ? '?backend=webgpu#/judge' : '#/judge');
    verdicts[engine] = await firstVerdict(page);
    await expect.poll(() => page.getByRole('banner').innerText()).toContain(HEADER[engine]);
    expect(problems).toEqual([]);
    await context.close();
  });
});

test('both engines write the same greedy judgment', () => {
  expect(verdicts.wasm).toMatch(JUDGMENT);
  expect(verdicts.webgpu).toBe(verdicts.wasm);
});

test('asked eight times, the judge shows eight scored rationales and how often they agree', async () => {
  const browser = await launch('wasm');
  const { page, problems } = await watchedPage(browser);
  await visit(page, '#/judge');
  await firstVerdict(page);
  const longest = await longestMainThreadTask(browser, page, async () => {
    await page.getByRole('button', { name: 'Ask 8 times' }).click();
    await page.getByText(/agree with probability/).waitFor({ timeout: 60_000 });
  });
  expect(await page.getByRole('main').locator('ol > li').count()).toBe(8);
  for (const width of [360, 1920, 360]) {
    await page.setViewportSize({ width, height: 740 });
    await expect.poll(() => sidewaysOverflow(page), { message: `sideways at ${width} px` }).toBe(0);
  }
  expect(longest).toBeLessThan(100);
  expect(problems).toEqual([]);
  await browser.close();
});
