import { resolve } from 'node:path';
import { chromium, type Page } from 'playwright';
import { preview } from 'vite';
import { buildApp } from '../build-app.ts';
import { CHROMIUM_FLAGS, ensureChromium } from '../chromium.ts';
import { ADAPTER, copyLocalJudges, LOCAL_JUDGES, SHIPPED_JUDGES } from './judges.ts';
import type { Amount, Log, PartResult } from './part.ts';
import { Sampler, type Sample } from './sampler.ts';

const MINUTES = 60_000;

/** The same in the built page, by its own buttons; on WASM, since no flag asks for a GPU in software. */
export async function soakPage(amount: Amount, folder: string, log: Log): Promise<PartResult> {
  const start = performance.now();
  buildApp();
  const server = await preview({ logLevel: 'warn', preview: { port: 0 } });
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_FLAGS });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    page.on('pageerror', (error) => log(`[page] ${error.stack ?? error.message}`));
    page.setDefaultTimeout(MINUTES);
    const sampler = await Sampler.of(page);
    await page.goto(server.resolvedUrls!.local[0]!);
    const runs: Sample[] = [];
    for (let run = 1; run <= amount.runs; run++) {
      await runAll(page, amount);
      runs.push(await rest(page, sampler));
      log(`page, run ${run}: ${JSON.stringify(runs.at(-1))}`);
    }
    const judges: Sample[] = [];
    for (let lap = 1; lap <= amount.laps; lap++) {
      await openInTurn(page, copyLocalJudges(folder));
      judges.push(await rest(page, sampler));
      log(`page, lap ${lap}: ${JSON.stringify(judges.at(-1))}`);
    }
    return { part: 'page', amount, runs, judges, seconds: (performance.now() - start) / 1000 };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** In a place that shows neither runs nor judges, whose number would count as nodes. */
async function rest(page: Page, sampler: Sampler): Promise<Sample> {
  await go(page, '#/labs');
  await page.getByRole('heading', { name: 'Labs', level: 1 }).waitFor();
  return sampler.take();
}

/** By the address alone: the page is not loaded anew. */
async function go(page: Page, route: string): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), route);
}

async function runAll(page: Page, amount: Amount): Promise<void> {
  await go(page, '#/improve/new');
  const button = page.getByRole('button', { name: 'Run all' });
  await button.waitFor();
  const first = page.getByLabel('Held-out items', { exact: true });
  if (!(await first.isVisible())) await page.locator('summary', { hasText: 'All settings' }).click();
  const fields = {
    'Held-out items': amount.heldoutItems,
    'Items per round (M)': amount.itemsPerRound,
    'Samples per item (N)': amount.samples,
    'Pairs per step': amount.batchSize,
  };
  for (const [label, value] of Object.entries(fields)) {
    const field = page.getByLabel(label, { exact: true });
    await field.fill(String(value));
    await field.press('Tab');
  }
  await button.click();
  await page.getByRole('tab', { name: /Results.*%/ }).waitFor({ timeout: 10 * MINUTES });
}

/** Opens each judge and lets it judge; the last is the embedded one, as it was before. */
async function openInTurn(page: Page, folders: Record<string, string>): Promise<void> {
  await go(page, '#/judge');
  for (const name of LOCAL_JUDGES) {
    await choose(page, folders[name]!, new RegExp(`${name}\\s+CPU`));
    await judgeOnce(page);
    if (name !== 'llama') continue;
    await choose(page, folders[ADAPTER]!, new RegExp(`llama \\+ ${ADAPTER}\\s+CPU`));
    await judgeOnce(page);
  }
  for (const name of SHIPPED_JUDGES) {
    await openModels(page);
    const use = page.getByRole('dialog').getByRole('button', { name: `Judge with ${name}`, exact: true });
    await use.first().click();
    await judges(page, new RegExp(`${name}\\s+CPU`));
    await judgeOnce(page);
  }
}

async function choose(page: Page, folder: string, header: RegExp): Promise<void> {
  await openModels(page);
  await chooseFolder(page, folder);
  await judges(page, header);
}

/** Not by `setInputFiles`: Playwright never lets go of the input, and the browser then not of the page around it. */
async function chooseFolder(page: Page, folder: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const expression = 'document.querySelector("input[webkitdirectory]")';
  const { result } = await session.send('Runtime.evaluate', { expression });
  await session.send('DOM.setFileInputFiles', { objectId: result.objectId!, files: [resolve(folder)] });
  await session.detach();
}

async function openModels(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Open the judge’s card/ }).click();
  await page.getByRole('tab', { name: 'Models' }).click();
  await page.getByRole('heading', { name: 'Published models' }).waitFor();
}

/** Waits until the header names this judge, and closes the drawer. */
async function judges(page: Page, header: RegExp): Promise<void> {
  await page.getByRole('banner').first().filter({ hasText: header }).waitFor();
  await page.keyboard.press('Escape');
}

async function judgeOnce(page: Page): Promise<void> {
  const main = page.getByRole('main');
  await main.getByRole('button', { name: /^Judge/ }).click();
  await main.getByText('Underlined: words').waitFor();
}
