import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readItems } from '../../src/share/bundle/items-of-bundle.ts';
import type { Experiment } from '../../src/share/experiment.ts';
import { linkOf } from '../../src/share/link.ts';
import { files, packed } from '../unit/share/bundle/packed.ts';
import { address, launch, visit, watchedPage } from './browser.ts';

let browser: Browser;
let file: Buffer;
let folder: string;
beforeAll(async () => {
  browser = await launch('wasm');
  folder = await mkdtemp(join(tmpdir(), 'share-file-'));
  file = Buffer.from(await (await packed(files())).arrayBuffer());
});
afterAll(() => browser.close());

/** A run on somebody's own items, which lie in a project file at this address. */
async function linkTo(where: string): Promise<string> {
  const run = JSON.parse(readFileSync('test/fixtures/links/run.json', 'utf8')) as Experiment;
  const { items, hashes } = await readItems(new Blob([new Uint8Array(file)]));
  const sha256 = createHash('sha256').update(file).digest('hex');
  const bundle = { address: where, sha256 };
  return linkOf({
    ...run,
    title: 'My class',
    judgments: [],
    data: { name: 'class.csv', hash: hashes[0]!, size: items.length, bundle },
  });
}

async function saved(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

test('items that lie beside the page are fetched when the reader asks for them, and only the right ones', async () => {
  const { page, context, problems } = await watchedPage(browser);
  const asked: string[] = [];
  let served: Buffer = Buffer.concat([file, Buffer.from('x')]);
  await page.route('**/class.zip', (route) => {
    asked.push(route.request().url());
    return route.fulfill({ body: served, contentType: 'application/zip' });
  });
  await visit(page, await linkTo(`${address()}class.zip`));
  const main = page.getByRole('main');
  await main.getByText(`They lie in a project file at ${new URL(address()).host}`).waitFor();
  const keep = main.getByRole('button', { name: 'Keep a copy' });
  expect(await keep.isDisabled()).toBe(true);
  expect(asked).toEqual([]);

  await main.getByRole('button', { name: 'Fetch the project file' }).click();
  await main
    .getByRole('alert')
    .filter({ hasText: /not the file that the link names|damaged/ })
    .waitFor();
  served = file;
  await main.getByRole('button', { name: 'Fetch the project file' }).click();
  await main.getByText('They are here, and are the same.').waitFor();
  await keep.click();
  await page.getByText('“My class” is a project of yours now.').waitFor();
  await visit(page, '#/data');
  await page.getByText('class.csv').first().waitFor();
  expect(problems).toEqual([]);
  await context.close();
});

test('items that lie elsewhere are named by their address, and come from a file that is checked', async () => {
  const { page, context, problems } = await watchedPage(browser);
  await visit(page, await linkTo('https://files.example.org/class.zip'));
  const main = page.getByRole('main');
  const shown = main.getByLabel('Address of the project file');
  expect(await shown.inputValue()).toBe('https://files.example.org/class.zip');
  expect(await main.getByRole('button', { name: 'Fetch the project file' }).count()).toBe(0);

  const field = main.locator('input[type=file]');
  await field.setInputFiles(await saved('other.zip', 'not a project'));
  await main.getByRole('alert').getByText('no ZIP archive').waitFor();
  await field.setInputFiles(await saved('class.zip', file));
  await main.getByText('They are here, and are the same.').waitFor();
  expect(problems).toEqual([]);
  await context.close();
});
