import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FAILED_REQUEST, launch, visit, watchedPage, type WatchedPage } from './browser.ts';
import { HubServer } from './hub-server.ts';
import { LONG } from '../long.ts';

const FIXTURES = 'test/fixtures/models';
const SCREENSHOTS = 'test-results/screenshots';
const NAME = 'somebody/tiny-llama';
const WEIGHTS = `/${NAME}/model.safetensors`;

let hub: HubServer;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeEach(async () => {
  hub = await HubServer.start();
  browser = await launch('wasm', hub.chromiumFlags);
  watched = await watchedPage(browser);
  page = watched.page;
});
afterEach(async () => {
  await browser.close();
  await hub.stop().catch(() => undefined);
});

const drawer = () => page.getByRole('dialog', { name: 'The judge' });
const button = (name: string | RegExp) => drawer().getByRole('button', { name });
const header = () => page.getByRole('banner').first().innerText();
const openModels = () => openModelsOf(page);

async function openModelsOf(opened: Page): Promise<void> {
  await opened.getByRole('button', { name: /Open the judge’s card/ }).click();
  await opened.getByRole('tab', { name: 'Models' }).click();
  await opened.getByRole('heading', { name: 'Published models' }).waitFor();
}

async function lookUp(name: string): Promise<void> {
  await drawer().getByLabel('Repository').fill(name);
  await button('Look up').click();
}

/** Starts the download of what was looked up. */
async function download(): Promise<void> {
  await button(/^Download \d/).click();
}

/** Downloads until the content network stalls after `bytes` of the weights. */
async function stalledAfter(bytes: number): Promise<void> {
  hub.stallAfter = bytes;
  await lookUp(NAME);
  await download();
  await expect.poll(progressBytes, { timeout: 30_000 }).toBeGreaterThanOrEqual(bytes);
}

const progressBytes = async () =>
  Number(await drawer().getByRole('progressbar', { name: NAME }).getAttribute('aria-valuenow'));

const judgeWithIt = () => button(`Judge with ${NAME}`).click({ timeout: 60_000 });

async function judges(name: string): Promise<void> {
  await expect.poll(header, { timeout: 60_000 }).toMatch(new RegExp(`${name}\\s+CPU`));
}

describe('a model of the hub', () => {
  test('is downloaded under the policy, paused, resumed by a range, checked, loaded, and loads again offline', async () => {
    const files = hub.publish(NAME, `${FIXTURES}/llama`);
    await visit(page, '#/judge');
    await openModels();
    await stalledAfter(300_000);
    await button('Pause').click();
    await drawer().getByText('paused').waitFor();
    hub.stallAfter = null;
    await drawer().getByLabel(`Download of ${NAME}`).getByRole('button', { name: 'Resume' }).click();
    await judgeWithIt();
    await judges(NAME);

    // The second request asked for what the first had not brought; no other large file was fetched.
    expect(hub.cdnRequests.map(({ path }) => path)).toEqual([WEIGHTS, WEIGHTS]);
    const from = Number(/^bytes=(\d+)-$/.exec(hub.cdnRequests[1]!.range!)![1]);
    expect(from).toBeGreaterThanOrEqual(300_000);
    expect(from).toBeLessThan(files.get('model.safetensors')!.length);
    // After a redirect to another host the browser hides where the question came from.
    expect(hub.cdnRequests[0]).toMatchObject({ range: null, origin: 'null' });
    expect(hub.hubRequests.filter((path) => /golden|README/.test(path))).toEqual([]);
    expect(watched.problems).toEqual([]);

    await hub.stop();
    await page.reload();
    await judges(NAME);
    expect(watched.problems).toEqual([]);
  });

  test.runIf(LONG)('goes on after a reload in the middle', async () => {
    hub.publish(NAME, `${FIXTURES}/llama`);
    await visit(page, '#/judge');
    await openModels();
    await stalledAfter(200_000);
    await page.reload();
    await openModels();
    hub.stallAfter = null;
    // Half a model is shown as half, and cannot be judged with.
    await drawer()
      .getByText(/kB of [\d.]+ kB arrived/)
      .waitFor();
    expect(await button(`Judge with ${NAME}`).count()).toBe(0);
    await button(`Resume the download of ${NAME}`).click();
    await judgeWithIt();
    await judges(NAME);
    expect(hub.cdnRequests[1]!.range).toMatch(/^bytes=[2-7]\d{5}-$/);
    expect(watched.problems).toEqual([]);
  });

  test('is refused when one bit of it is wrong, and fetched anew', async () => {
    hub.publish(NAME, `${FIXTURES}/llama`);
    hub.corruptAt = 654_321;
    await visit(page, '#/judge');
    await openModels();
    await lookUp(NAME);
    await download();
    await drawer().getByText('model.safetensors did not arrive as it was published').waitFor();
    expect(await button(`Judge with ${NAME}`).count()).toBe(0);
    hub.corruptAt = null;
    await drawer().getByLabel(`Download of ${NAME}`).getByRole('button', { name: 'Resume' }).click();
    await judgeWithIt();
    await judges(NAME);
    expect(hub.cdnRequests.map(({ range }) => range)).toEqual([null, null]);
  });

  test.runIf(LONG)('survives a lost connection', async () => {
    watched.meant = FAILED_REQUEST;
    hub.publish(NAME, `${FIXTURES}/llama`);
    await visit(page, '#/judge');
    await openModels();
    await stalledAfter(100_000);
    await hub.stop();
    await drawer().getByText('The connection to the hub broke off. What has arrived is kept').waitFor();
  });

  test.runIf(LONG)('may come in shards, or as one GGUF of several', async () => {
    hub.publish('somebody/shards', `${FIXTURES}/llama-bf16-sharded`);
    hub.publish('somebody/gguf', `${FIXTURES}/llama-gguf`);
    await visit(page, '#/judge');
    await openModels();
    await lookUp('https://huggingface.co/somebody/shards/tree/main');
    await download();
    await button('Judge with somebody/shards').click({ timeout: 60_000 });
    await judges('somebody/shards');
    await lookUp('somebody/gguf');
    await drawer().getByLabel('Weights').selectOption({ label: 'q8_0.gguf (212.3 kB)' });
    await download();
    await button('Judge with somebody/gguf/q8_0.gguf').click({ timeout: 60_000 });
    await judges('somebody/gguf/q8_0.gguf');
    expect(watched.problems).toEqual([]);
  });

  test.runIf(LONG)('is deleted again, but not while it judges', async () => {
    hub.publish(NAME, `${FIXTURES}/llama`);
    await visit(page, '#/judge');
    await openModels();
    await lookUp(NAME);
    await download();
    await judgeWithIt();
    await judges(NAME);
    expect(await button(`Delete ${NAME}`).isDisabled()).toBe(true);
    await button('Judge with nano-judge').first().click();
    await judges('nano-judge');
    await button(`Delete ${NAME}`).click();
    await button(`Really delete ${NAME}`).click();
    await expect.poll(() => drawer().getByText('Stored in this browser').count()).toBe(0);
    const left = await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const names: string[] = [];
      for await (const name of (await root.getDirectoryHandle('models')).keys()) names.push(name);
      return names;
    });
    expect(left).toEqual([]);
  });
});

describe('what cannot be had is said in a sentence, and the judge stays', () => {
  test.runIf(LONG).each([
    ['nobody/nothing', 'The hub has no public model nobody/nothing'],
    ['not a name', 'is no repository'],
  ])('%s', async (name, sentence) => {
    watched.meant = FAILED_REQUEST;
    await visit(page, '#/judge');
    await openModels();
    await lookUp(name);
    await drawer().getByText(sentence).waitFor();
  });

  test.runIf(LONG)('the hub out of reach', async () => {
    watched.meant = FAILED_REQUEST;
    await hub.stop();
    await visit(page, '#/judge');
    await openModels();
    await lookUp(NAME);
    await drawer().getByText('The Hugging Face hub cannot be reached').waitFor();
  });

  test.runIf(LONG)('a gated model', async () => {
    hub.publish(NAME, `${FIXTURES}/llama`, { gated: 'manual', licence: 'llama3.2' });
    await visit(page, '#/judge');
    await openModels();
    await lookUp(NAME);
    await drawer().getByText('have accepted its licence').waitFor();
    expect(await button(/^Download \d/).count()).toBe(0);
  });

  test.runIf(LONG)('no room', async () => {
    hub.publish(NAME, `${FIXTURES}/llama`, { claimed: new Map([['model.safetensors', 1e15]]) });
    await visit(page, '#/judge');
    await openModels();
    await lookUp(NAME);
    await drawer()
      .getByText(/It does not fit: [\d,.]+ GB are missing/)
      .waitFor();
    expect(await button(/^Download \d/).isDisabled()).toBe(true);
  });

  test.runIf(LONG)('another architecture', async () => {
    const files = hub.publish(NAME, `${FIXTURES}/llama`);
    const config = JSON.parse(files.get('config.json')!.toString()) as object;
    files.set('config.json', Buffer.from(JSON.stringify({ ...config, model_type: 'rwkv' })));
    await visit(page, '#/judge');
    await openModels();
    await judges('nano-judge');
    await lookUp(NAME);
    await download();
    await judgeWithIt();
    await drawer()
      .getByText(/somebody\/tiny-llama was not loaded\. .*rwkv/)
      .waitFor();
    await judges('nano-judge');
  });
});

describe('a model from this device', () => {
  test('is judged with from a folder or a file', async () => {
    await visit(page, '#/judge');
    await openModels();
    await drawer().getByLabel('Choose a folder').setInputFiles(`${FIXTURES}/qwen2`);
    await judges('qwen2');
    await drawer().getByLabel('Choose files').setInputFiles(`${FIXTURES}/llama-gguf/f16.gguf`);
    await judges('f16');
    await drawer().getByLabel('Choose files').setInputFiles('README.md');
    await drawer().getByText('There is no model in this').waitFor();
    expect(watched.problems).toEqual([]);
  });

  test.runIf(LONG)('is all there is where the browser stores nothing, and the page says so', async () => {
    // What Firefox's private windows do.
    await page.addInitScript(() => {
      StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException('', 'SecurityError'));
    });
    await visit(page, '#/judge');
    await openModels();
    await drawer().getByText('Models cannot be stored here').waitFor();
    expect(await button('Get SmolLM2 135M Instruct').isDisabled()).toBe(true);
    await drawer().getByLabel('Choose a folder').setInputFiles(`${FIXTURES}/llama`);
    await judges('llama');
  });
});

describe.runIf(LONG).each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test('the drawer fits a phone and a laptop', async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    hub.publish(NAME, `${FIXTURES}/llama`);
    const own: { page: Page; context: BrowserContext; problems: string[] } = await watchedPage(browser, {
      colorScheme,
    });
    page = own.page;
    await visit(page, '#/judge');
    await openModelsOf(page);
    await stalledAfter(300_000);
    await button('Pause').click();
    await lookUp(NAME);
    await button(/^Download \d/).waitFor();
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
      for (const place of ['top', 'bottom']) {
        await drawer()
          .getByRole(place === 'top' ? 'tab' : 'heading', {
            name: place === 'top' ? 'Models' : 'From this device',
          })
          .scrollIntoViewIfNeeded();
        await page.screenshot({ path: `${SCREENSHOTS}/models-${place}-${width}-${colorScheme}.png` });
      }
      const overflow = await page.getByRole('dialog').evaluate((dialog) => {
        const body = dialog.querySelector('.body')!;
        return body.scrollWidth - body.clientWidth;
      });
      expect(overflow, `the drawer scrolls sideways at ${width} px`).toBeLessThanOrEqual(0);
    }
    expect(own.problems).toEqual([]);
    await own.context.close();
  });
});
