import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, visit, watchedPage } from './browser.ts';
import { LONG } from '../long.ts';

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

test('a file without one good row is refused in words with the line that is wrong', async () => {
  const { page, context, problems } = await watchedPage(browser);
  await visit(page, '#/data');
  await page
    .getByLabel('Choose a file')
    .setInputFiles(file('bad.jsonl', '{"instruction": "List 3 colours.", '));
  const alert = page.getByRole('alert');
  await alert.waitFor();
  const said = await alert.innerText();
  expect(said).toContain('Line 1');
  expect(said).toContain('Nothing of it was stored');
  expect(problems).toEqual([]);
  await context.close();
});

test('a row that is broken or too long is left out by its line, the others become a project', async () => {
  const { page, context, problems } = await watchedPage(browser);
  await visit(page, '#/data');
  const long = JSON.stringify({ instruction: 'List 5 colours.', response: 'x'.repeat(1_100_000) });
  const rows = [row('List 2 colours.', 5), '{"instruction": ', row('List 4 colours.', 2), long];
  await page.getByLabel('Choose a file').setInputFiles(file('some.jsonl', rows.join('\n')));
  await page.getByText('2 of 4 rows can be used.').waitFor();
  await page.getByText('Why', { exact: true }).waitFor();
  const why = await page.getByRole('status').filter({ hasText: 'rows can be used' }).innerText();
  expect(why).toContain('Line 2: this cannot be read');
  expect(why).toMatch(/Line 4: the row has 1,100,\d+ characters/);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the rows left out' }).click();
  const text = readFileSync(await (await saved).path(), 'utf8');
  expect(text.split('\r\n').slice(0, 2)).toEqual([
    'line,reason,row',
    expect.stringMatching(/^2,.*"\{""instruction"": *"$/),
  ]);
  await page.getByRole('button', { name: 'Use this data' }).click();
  await page.getByText('some is stored and open.').waitFor({ timeout: 60_000 });
  expect(problems).toEqual([]);
  await context.close();
});

test('an import shows how far it is, and Cancel ends it within a second with nothing stored', async () => {
  const { page, context, problems } = await watchedPage(browser);
  await visit(page, '#/data');
  await page.getByText('Projects in this browser').waitFor({ timeout: 60_000 });
  const rows = Array.from({ length: 60_000 }, (_, i) => row(`List ${i} colours.`, 1 + (i % 5)));
  await page.getByLabel('Choose a file').setInputFiles(file('large.jsonl', rows.join('\n')));
  await page.getByRole('button', { name: 'Use this data' }).waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Use this data' }).click();
  await page.getByRole('progressbar', { name: 'Storing the items' }).waitFor();
  const start = Date.now();
  await page.getByRole('button', { name: 'Cancel the import' }).click();
  await page.getByText('Nothing of the file was stored.').waitFor();
  expect(Date.now() - start).toBeLessThan(1000);
  await page.reload();
  await page.getByText('Projects in this browser').waitFor({ timeout: 60_000 });
  expect(await page.getByText('large', { exact: true }).count()).toBe(0);
  expect(problems).toEqual([]);
  await context.close();
});

test.runIf(LONG)(
  'a Cancel that comes too late says that the project is stored, and offers to delete it',
  async () => {
    const { page, context, problems } = await watchedPage(browser);
    await page.addInitScript(deafOnDemand);
    await visit(page, '#/data');
    await page.getByText('Projects in this browser').waitFor({ timeout: 60_000 });
    await page.getByLabel('Choose a file').setInputFiles(file('late.jsonl', row('List 2 colours.', 5)));
    const use = page.getByRole('button', { name: 'Use this data' });
    await use.waitFor();
    // The worker stores the file, and the page does not hear of it.
    await page.evaluate(() => document.documentElement.classList.add('deaf'));
    await use.click();
    await page.waitForFunction(isStored, 'late', { polling: 100 });
    await page.getByRole('button', { name: 'Cancel the import' }).click();
    await page.getByText('late was already stored when you cancelled.').waitFor();
    await page.getByRole('button', { name: 'Open late' }).waitFor();
    await page.evaluate(() => document.documentElement.classList.remove('deaf'));
    await page.getByRole('button', { name: 'Delete it' }).click();
    await page.getByRole('button', { name: 'Open late' }).waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
    await context.close();
  },
);

/** Runs in the page, by its source: while it is deaf, nothing that a worker says arrives. */
function deafOnDemand(): void {
  const muted = (event: Event) => {
    if (document.documentElement.classList.contains('deaf')) event.stopImmediatePropagation();
  };
  window.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener('message', muted);
    }
  };
  window.MessageChannel = class extends MessageChannel {
    constructor() {
      super();
      this.port1.addEventListener('message', muted);
    }
  };
}

/** Runs in the page, by its source. */
async function isStored(name: string): Promise<boolean> {
  const answer = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error(request.error?.message));
    });
  const database = await answer(indexedDB.open('judge-playground'));
  const projects = await answer<{ name: string }[]>(
    database.transaction('projects').objectStore('projects').getAll(),
  );
  database.close();
  return projects.some((one) => one.name === name);
}

test('markup in an imported file stays text', async () => {
  const { page, context, problems } = await watchedPage(browser);
  await visit(page, '#/data');
  const markup = '<img src=x onerror="document.title=1"><b>List</b> 2 colours.';
  const rows = [markup, 'List 3 colours.', 'List 4 colours.'].map((text, i) => row(text, i + 1));
  await page.getByLabel('Choose a file').setInputFiles(file('items.jsonl', rows.join('\n')));
  await page.getByText('<b>List</b>', { exact: false }).first().waitFor();
  expect(await page.getByRole('main').locator('img, b').count()).toBe(0);
  expect(problems).toEqual([]);
  await context.close();
});
