/** What leaves the page as files, from the built page under its policy. */
import { readFileSync } from 'node:fs';
import type { Browser, Download, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRows } from '../../src/data/import/rows.ts';
import { atOnce } from '../../src/judge/steps.ts';
import { launch, visit, watchedPage } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch('wasm');
});
afterAll(() => browser.close());

const results = (page: Page) => page.getByRole('region', { name: 'What it shows' });

async function downloaded(page: Page, press: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const waiting = page.waitForEvent('download');
  await press();
  const download: Download = await waiting;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

async function openLab(page: Page): Promise<void> {
  await visit(page, '#/labs/mt-bench');
  await results(page).getByText('What the paper found').waitFor();
  await results(page).getByRole('button', { name: 'Save report' }).waitFor();
}

test('a picture is saved as SVG, PNG and numbers, and no policy is loosened for it', async () => {
  const watched = await watchedPage(browser, { colorScheme: 'dark' });
  const { page, context } = watched;
  await openLab(page);
  const figure = results(page).locator('figure').first();
  const opener = figure.getByRole('button', { name: /^save/ });
  await opener.focus();
  await page.keyboard.press('Enter');
  const save = (format: string) =>
    downloaded(page, () => figure.getByRole('button', { name: new RegExp(`^${format}\\b`) }).click()); // prettier-ignore

  const svg = await save('SVG');
  expect(svg.name).toMatch(/^[\p{L}\p{N}-]+\.svg$/u);
  const drawing = svg.bytes.toString('utf8');
  expect(drawing).toMatch(/^<svg [^>]*><title>/);
  // White paper, though the page is dark.
  expect(drawing).toMatch(/<rect [^>]*fill="rgb\(255, 255, 255\)"/);
  expect(drawing).toContain('data:font/woff2;base64,');
  const png = await save('PNG');
  expect([...png.bytes.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const [, width] = /^<svg [^>]*?width="(\d+)"/.exec(drawing)!;
  expect(png.bytes.readUInt32BE(16)).toBe(2 * Number(width));
  const [csv, jsonl] = [await save('CSV'), await save('JSONL')];
  const rows = ({ name, bytes }: typeof csv) => atOnce(readRows(bytes.toString('utf8'), name)).rows;
  expect(rows(csv).length).toBeGreaterThan(0);
  expect(rows(csv).map(({ values }) => Object.keys(values))).toEqual(rows(jsonl).map(({ values }) => Object.keys(values))); // prettier-ignore
  await context.close();
});

test('a lab’s report is one file that opens without the page, dark and light, and asks for nothing', async () => {
  const watched = await watchedPage(browser);
  await openLab(watched.page);
  const press = () => results(watched.page).getByRole('button', { name: 'Save report' }).click();
  const { name, bytes } = await downloaded(watched.page, press);
  expect(name).toBe('mt-bench.html');
  await watched.context.close();

  const context = await browser.newContext({ colorScheme: 'dark', javaScriptEnabled: true });
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  await page.route('http://report.test/**', (route) =>
    route.fulfill({ body: bytes, contentType: 'text/html' }),
  );
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto('http://report.test/');
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('MT-Bench');
  expect(await page.getByRole('img').count()).toBeGreaterThan(1);
  const shown = page.locator('figure').first().locator('span > svg');
  expect(await shown.evaluateAll((all) => all.map((svg) => svg.checkVisibility()))).toEqual([false, true]);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await shown.evaluateAll((all) => all.map((svg) => svg.checkVisibility()))).toEqual([true, false]);
  expect(asked).toEqual(['http://report.test/']);
  expect(said).toEqual([]);
  await context.close();
});

test('on paper there are no buttons and no header, and tables are whole', async () => {
  const watched = await watchedPage(browser, { colorScheme: 'dark' });
  const { page, context } = watched;
  await openLab(page);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const visible = (selector: string) => page.locator(selector).evaluateAll((all) => all.filter((one) => one.checkVisibility()).length); // prettier-ignore
  expect(await visible('.button, nav, #app > header')).toBe(0);
  expect(await visible('main h1')).toBe(1);
  expect(await visible('main table')).toBeGreaterThan(0);
  const cut = await page.locator('main [role=region]').evaluateAll((all) => all.filter((one) => !['visible', ''].includes(getComputedStyle(one).overflowX)).length); // prettier-ignore
  expect(cut).toBe(0);
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('light');
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.length).toBeGreaterThan(10_000);
  await context.close();
});
