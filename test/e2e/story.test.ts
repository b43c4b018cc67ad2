import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, visit, watchedPage } from './browser.ts';
import { LONG } from '../long.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch('wasm');
});
afterAll(() => browser.close());

const scene = (page: Page, title: RegExp) => page.getByRole('region', { name: title });

test('the story grades without a click, disagrees with itself, and makes a pair of its own answers', async () => {
  const { page, context, problems } = await watchedPage(browser);
  await visit(page, '#/');
  const grades = scene(page, /grades an answer/);
  await grades.getByText('It is wrong.').waitFor({ timeout: 60_000 });
  expect(await grades.innerText()).toMatch(/The right score is [1-5], it gave [1-5]/);

  const disagrees = scene(page, /eight times/);
  await disagrees.scrollIntoViewIfNeeded();
  await disagrees.getByText(/[1-7] of 8 (is|are) right/).waitFor({ timeout: 60_000 });

  const lesson = scene(page, /become the lesson/);
  expect(await lesson.innerText()).toMatch(/Rather this · score [1-5]/);
  expect(await lesson.innerText()).toMatch(/than this · score [1-5]/);
  expect(problems).toEqual([]);
  await context.close();
});

test.runIf(LONG)('the Improve scene says what it costs before it is started', async () => {
  const { page, context, problems } = await watchedPage(browser);
  await visit(page, '#/');
  const improve = scene(page, /Improve it/);
  await improve.scrollIntoViewIfNeeded();
  await improve.getByText(/about .* (s|min), .* MB/).waitFor({ timeout: 90_000 });
  expect(await improve.getByRole('button', { name: 'Improve the judge' }).isEnabled()).toBe(true);
  expect(problems).toEqual([]);
  await context.close();
});
