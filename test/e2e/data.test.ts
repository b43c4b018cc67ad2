import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, visit, watchedPage } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch('wasm');
});
afterAll(() => browser.close());

const file = (name: string, content: string) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(content, 'utf8'),
});

const row = (instruction: string, score: number) =>
  JSON.stringify({ instruction, response: 'blue, red', criterion: 'correct items', score });

test('a bad file is refused in words with the line that is wrong', async () => {
  const { page, context, problems } = await watchedPage(browser);
  await visit(page, '#/data');
  const lines = [row('List 2 colours.', 5), '{"instruction": "List 3 colours.", ', row('List 4 colours.', 2)];
  await page.locator('input[type=file]').setInputFiles(file('bad.jsonl', lines.join('\n')));
  const alert = page.getByRole('alert');
  await alert.waitFor();
  const said = await alert.innerText();
  expect(said).toContain('Line 2');
  expect(said).toContain('Nothing of it was stored');
  expect(problems).toEqual([]);
  await context.close();
});

test('markup in an imported file stays text', async () => {
  const { page, context, problems } = await watchedPage(browser);
  await visit(page, '#/data');
  const markup = '<img src=x onerror="document.title=1"><b>List</b> 2 colours.';
  const rows = [markup, 'List 3 colours.', 'List 4 colours.'].map((text, i) => row(text, i + 1));
  await page.locator('input[type=file]').setInputFiles(file('items.jsonl', rows.join('\n')));
  await page.getByText('<b>List</b>', { exact: false }).first().waitFor();
  expect(await page.getByRole('main').locator('img, b').count()).toBe(0);
  expect(problems).toEqual([]);
  await context.close();
});
