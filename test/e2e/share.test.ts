import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { experimentOf, linkOf } from '../../src/share/link.ts';
import { LONG } from '../long.ts';
import { QUICK_RUN, startRun } from './faults/run.ts';
import { address, launch, sidewaysOverflow, visit, watchedPage, type WatchedPage } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch('wasm');
});
afterAll(() => browser.close());

async function close({ context, problems }: WatchedPage): Promise<void> {
  expect(problems).toEqual([]);
  await context.close();
}

/** The link that the dialog shows, `#v1…`. */
async function shownLink(page: Page): Promise<string> {
  const text = await page.getByRole('dialog').locator('textarea[readonly]').inputValue();
  return text.slice(text.indexOf('#v1.'));
}

/** What a fresh profile sees of a link, and what it asked of the network for it. */
async function opened(
  link: string,
  options = {},
  profile = browser,
): Promise<WatchedPage & { models: string[] }> {
  const watched = await watchedPage(profile, options);
  const models: string[] = [];
  watched.page.on('request', (request) => {
    if (request.url().includes('/models/')) models.push(request.url());
  });
  await visit(watched.page, link);
  return { ...watched, models };
}

describe('a run that is shared', () => {
  let link: string;

  test('becomes a link in a dialog that says what is inside', async () => {
    const watched = await watchedPage(browser);
    const { page } = watched;
    await startRun(page, address(), QUICK_RUN);
    await page.getByRole('button', { name: 'Share…' }).click({ timeout: 60_000 });
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Title').fill('Does it learn to count?');
    await dialog.getByLabel('Note').fill('<script>alert(1)</script>');
    await dialog.getByText('pictures and tables').waitFor();
    await dialog.getByText(/\d of \d judgments on built-in items/).waitFor();
    link = await shownLink(page);
    expect(link.length).toBeLessThanOrEqual(1820);
    await dialog.getByText('As a QR code').click();
    await dialog.getByRole('img', { name: 'QR code of the link' }).waitFor();
    await close(watched);
  });

  test('is seen at once in another profile, on a phone, with no model, and stays after a reload', async () => {
    const watched = await opened(link, { viewport: { width: 360, height: 740 } });
    const { page, models } = watched;
    const main = page.getByRole('main');
    await main.getByRole('heading', { name: 'Does it learn to count?' }).waitFor();
    await main.getByText('<script>alert(1)</script>').waitFor();
    await main.getByText('What the judge wrote').waitFor();
    await main.getByText('Gain in accuracy').first().waitFor();
    expect(page.url()).toMatch(/#\/shared$/);
    expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
    await page.reload();
    await main.getByRole('heading', { name: 'Does it learn to count?' }).waitFor();
    expect(models).toEqual([]);
    // Of interrupted jobs the page asks wherever it opens; of projects there is nothing.
    const databases = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
    expect(databases).not.toContain('judge-playground');
    await close(watched);
  });

  test('runs again to the same, and says so stage by stage', async () => {
    const watched = await opened(link);
    const { page } = watched;
    await page.getByRole('button', { name: 'Re-run here' }).click();
    await page.getByRole('button', { name: 'Share…' }).waitFor({ timeout: 100_000 });
    await page.getByRole('button', { name: 'Compare with its author’s' }).click();
    await page.getByText('Identical: every stage came out the same').waitFor();
    await page.getByRole('row', { name: 'round 1 samples identical' }).waitFor();
    await close(watched);
  });

  test.runIf(LONG)('on the other kind of engine agrees, or is identical', async () => {
    const gpu = await launch('webgpu');
    const watched = await opened(link, {}, gpu);
    const { page } = watched;
    await page.evaluate(() => localStorage.setItem('judge-playground.backend', 'webgpu'));
    await page.reload();
    await page.getByRole('button', { name: 'Re-run here' }).click();
    await page.getByRole('button', { name: 'Share…' }).waitFor({ timeout: 900_000 });
    await page.getByRole('button', { name: 'Compare with its author’s' }).click();
    // So small a run often meets no near-tie in which the two round apart, and is then the same to the last bit.
    await page.getByText(/^(Identical: every stage|It agrees: what the author)/).waitFor();
    expect(await page.evaluate(() => localStorage.getItem('judge-playground.backend'))).toBe('webgpu');
    await page.getByRole('button', { name: /GPU/ }).first().waitFor();
    await close(watched);
    await gpu.close();
  });

  test.runIf(LONG)('whose accuracy was raised by 15 points differs', async () => {
    const experiment = experimentOf(link);
    const metrics = experiment.metrics as { rounds: { accuracy: number }[] };
    metrics.rounds[0]!.accuracy += 0.15;
    const watched = await opened(linkOf(experiment));
    const { page } = watched;
    await page.getByRole('button', { name: 'Re-run here' }).click();
    await page.getByRole('button', { name: 'Share…' }).waitFor({ timeout: 100_000 });
    await page.getByRole('button', { name: 'Compare with its author’s' }).click();
    await page.getByText('It differs: something that the author claims').waitFor();
    await page.getByText(/round 1 grades: accuracy: .* claimed/).waitFor();
    await close(watched);
  });

  test.runIf(LONG)('opens with the network off, in a profile that was here once', async () => {
    const watched = await watchedPage(browser);
    const { page, context } = watched;
    await visit(page, '#/compare');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await context.setOffline(true);
    await page.goto(address() + link);
    await page.reload();
    await page.getByRole('heading', { name: 'Does it learn to count?' }).waitFor();
    await page.getByText('Gain in accuracy').first().waitFor();
    await close(watched);
  });

  test('that was cut says so, and takes the whole one', async () => {
    const watched = await opened(link.slice(0, 400));
    const { page } = watched;
    await page.getByRole('alert').getByText('cut off or altered').waitFor();
    await page.getByLabel('The whole link').fill(`See ${address()}${link} !`);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('heading', { name: 'Does it learn to count?' }).waitFor();
    await close(watched);
  });
});

test('a judgment is shared with its text only where that was ticked', async () => {
  const watched = await watchedPage(browser);
  const { page } = watched;
  await visit(page, '#/judge');
  await page.getByRole('button', { name: 'Share…' }).click({ timeout: 60_000 });
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Tick the box to make the link.').waitFor();
  await dialog.getByLabel(/Put the answer into the link/).check();
  const link = await shownLink(page);
  const other = await opened(link);
  await other.page.getByRole('heading', { name: 'One answer, judged' }).waitFor();
  await other.page.getByText('What the judge wrote').waitFor();
  expect(other.models).toEqual([]);
  await other.page.getByRole('button', { name: 'Re-run here' }).click();
  await other.page.getByRole('button', { name: 'Share…' }).waitFor({ timeout: 60_000 });
  await other.page.getByRole('button', { name: 'Compare with its author’s' }).click();
  await other.page.getByText('Identical: every stage came out the same').waitFor();
  await close(other);
  await close(watched);
  expect(linkOf(experimentOf(link))).toBe(link);
});
