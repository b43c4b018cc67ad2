import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ended, job, QUICK_RUN, startRun } from './faults/run.ts';
import { files, packed } from '../unit/share/bundle/packed.ts';
import { LONG } from '../long.ts';
import { address, launch, sidewaysOverflow, visit, watchedPage } from './browser.ts';

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launch('wasm');
  folder = await mkdtemp(join(tmpdir(), 'project-file-'));
});
afterAll(() => browser.close());

async function fileOf(name: string, content: Blob): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, new Uint8Array(await content.arrayBuffer()));
  return path;
}

/** How many records of projects, items and runs are stored. */
const stored = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('judge-playground');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('the database does not open'));
    });
    const counts = ['projects', 'items', 'runs', 'rounds'].map(
      (store) =>
        new Promise<number>((resolve) => {
          const request = database.transaction(store).objectStore(store).count();
          request.onsuccess = () => resolve(request.result);
        }),
    );
    const all = await Promise.all(counts);
    database.close();
    return all;
  });

const chip = (page: Page) => page.getByRole('button', { name: 'Whose data this is' });

test('a project is renamed in every tab, saved as a file, and opened again as another project', async () => {
  const { page, context } = await watchedPage(browser);
  await visit(page, '#/data');
  await page.getByRole('button', { name: 'Save Micro-judging tasks as a file' }).waitFor();
  const other = await context.newPage();
  await visit(other, '#/data');
  await other.getByRole('button', { name: 'Save Micro-judging tasks as a file' }).waitFor();

  const rename = page.getByRole('button', { name: 'Rename the project Micro-judging tasks' });
  await rename.click();
  await page.keyboard.press('Escape');
  expect(await rename.evaluate((button) => button === document.activeElement)).toBe(true);
  await rename.click();
  await page.keyboard.type('<b>Essays</b> of May');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Rename the project <b>Essays</b> of May' }).waitFor();
  await other.getByRole('button', { name: 'Save <b>Essays</b> of May as a file' }).waitFor();

  expect(await chip(page).getAttribute('title')).toContain('last file copy: never');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save <b>Essays</b> of May as a file' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('b-Essays-b-of-May.zip');
  await expect.poll(() => chip(page).getAttribute('title')).not.toContain('never');
  // The other tab knows of it, too.
  await expect.poll(() => chip(other).getAttribute('title')).not.toContain('never');

  const before = await stored(page);
  await page.getByLabel('Open file…').setInputFiles(await download.path());
  const preview = page.getByRole('region', { name: 'What is in the file' });
  await preview.getByText('<b>Essays</b> of May').first().waitFor();
  expect(await stored(page)).toEqual(before);
  await preview.getByRole('button', { name: 'Store as a new project' }).click();
  await page.getByText(/The file is stored and its project is open/).waitFor();
  await page.getByRole('button', { name: 'Save <b>Essays</b> of May (2) as a file' }).waitFor();
  expect(await stored(page)).toEqual([before[0]! + 1, 2 * before[1]!, 0, 0]);
  await context.close();
});

test.runIf(LONG)(
  'a file that is not what it says is refused in words, and nothing of it is stored',
  async () => {
    const { page, context } = await watchedPage(browser);
    await visit(page, '#/data');
    await page.getByLabel('Open file…').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: /^Save .* as a file$/ }).waitFor();
    const before = await stored(page);
    const manifest = { format: 'judge-playground bundle', version: 1 };
    await page
      .getByLabel('Open file…')
      .setInputFiles(await fileOf('odd.zip', await packed(files(), manifest)));
    await page.getByText(/odd\.zip cannot be opened\..*Nothing of it was stored\./).waitFor();
    expect(await stored(page)).toEqual(before);
    await context.close();
  },
);

test.runIf(LONG)('many files are compared at once, and nothing of them is stored', async () => {
  const { page, context } = await watchedPage(browser);
  await visit(page, '#/compare');
  await page.getByText('No runs yet').waitFor();
  const before = await stored(page);
  const names = Array.from({ length: 12 }, (_, i) => `student-${i}.zip`);
  const whole = await packed(files());
  const broken = await fileOf('broken.zip', whole.slice(0, 1000));
  const paths = await Promise.all(names.map((name) => fileOf(name, whole)));
  await page.getByLabel('Open files beside them…').setInputFiles([...paths, broken]);
  await page.getByText(/broken\.zip was left out/).waitFor();
  for (const name of names) await page.getByText(name.replace('.zip', ''), { exact: true }).waitFor();
  expect(await page.getByRole('columnheader', { name: 'calm otter' }).count()).toBe(12);
  expect(await stored(page)).toEqual(before);
  await page.getByRole('button', { name: 'Close 12 files' }).click();
  await page.getByText('No runs yet').waitFor();
  await context.close();
});

test('on a phone the head says whose data these are, and stays as narrow as it is', async () => {
  const { page, context } = await watchedPage(browser, { viewport: { width: 360, height: 740 } });
  await visit(page, '#/data');
  await chip(page).click();
  await page.getByText('Saved in this browser; last file copy: never.').last().waitFor();
  await page.getByRole('button', { name: 'Save file' }).waitFor();
  expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
  const places = page.getByRole('navigation', { name: 'Places' });
  const { y } = (await places.boundingBox())!;
  // One row above the places.
  expect(y).toBeLessThan(60);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Save file' }).waitFor({ state: 'detached' });
  await context.close();
});

/** The places stand in a row of their own on a phone; what stands above them is one row. */
async function expectOneRow(page: Page): Promise<void> {
  const places = await page.getByRole('navigation', { name: 'Places' }).boundingBox();
  expect(places!.y).toBeLessThan(60);
  expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
}

test.runIf(LONG)(
  'a run is finished, renamed, carried to another browser as a file, and joins its project there',
  async () => {
    const { page, context } = await watchedPage(browser, { viewport: { width: 360, height: 740 } });
    await startRun(page, address(), QUICK_RUN);
    await job(page).waitFor();
    await expectOneRow(page);
    await ended(page);
    const notice = page.getByRole('complementary', { name: 'Your work in this browser' });
    await notice.getByRole('button', { name: 'Ask it to keep my work' }).waitFor();
    await page.getByRole('button', { name: /^Rename the run/ }).click();
    await page.keyboard.type('Quick / 7 & first');
    await page.keyboard.press('Enter');
    await page.waitForURL(/Quick-/);
    await page.reload();
    await page.getByRole('button', { name: 'Rename the run Quick / 7 & first' }).waitFor();
    await expect.poll(() => page.url()).toContain(encodeURIComponent('Quick-/-7-&-first'));
    const downloading = page.waitForEvent('download');
    await chip(page).click();
    await page.getByRole('button', { name: 'Save file' }).click();
    const path = await (await downloading).path();

    const there = await watchedPage(browser);
    await visit(there.page, '#/data');
    await there.page.getByLabel('Open file…').setInputFiles(path);
    const preview = there.page.getByRole('region', { name: 'What is in the file' });
    await preview.getByText('Quick / 7 & first').waitFor();
    await preview.getByLabel('Store it as').selectOption({ index: 1 });
    await preview.getByRole('button', { name: 'Add to this project' }).click();
    await there.page.getByText(/1 run was added/).waitFor();
    await visit(there.page, '#/compare');
    await there.page.getByRole('columnheader', { name: 'Quick / 7 & first' }).waitFor();
    const results = (one: Page) => one.getByRole('row', { name: /^Accuracy/ }).innerText();
    await visit(page, '#/compare');
    await page.getByRole('row', { name: /^Accuracy.*%/ }).waitFor();
    await expect.poll(() => results(there.page)).toBe(await results(page));
    // The run opens there with its judgments, pairs and curves.
    await there.page.getByRole('link', { name: 'Quick / 7 & first' }).click();
    await there.page.getByRole('tab', { name: /Results.*%/ }).waitFor();
    await there.context.close();
    await context.close();
  },
);
