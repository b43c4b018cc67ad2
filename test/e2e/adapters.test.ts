import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Download, Page } from 'playwright';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseModelConfig } from '../../src/model/config.ts';
import { openModel } from '../../src/model/formats/open-model.ts';
import { readAdapter } from '../../src/model/formats/peft.ts';
import { readZip } from '../../src/model/formats/zip.ts';
import { launch, visit, watchedPage, type WatchedPage } from './browser.ts';
import { HubServer } from './hub-server.ts';
import { LONG } from '../long.ts';

const FIXTURES = 'test/fixtures';
const NAME = 'somebody/tiny-llama';
const MINUTES = 60_000;

let hub: HubServer;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let folder: string;

beforeEach(async () => {
  hub = await HubServer.start();
  browser = await launch('wasm', hub.chromiumFlags);
  watched = await watchedPage(browser);
  page = watched.page;
  folder = mkdtempSync(join(tmpdir(), 'adapters-'));
});
afterEach(async () => {
  await browser.close();
  await hub.stop().catch(() => undefined);
  rmSync(folder, { recursive: true });
});

const drawer = () => page.getByRole('dialog', { name: 'The judge' });
const button = (name: string | RegExp) => drawer().getByRole('button', { name });
const header = () => page.getByRole('banner').first().innerText();
const main = () => page.getByRole('main');

async function openModels(): Promise<void> {
  await page.getByRole('button', { name: /Open the judge’s card/ }).click();
  await drawer().getByRole('tab', { name: 'Models' }).click();
  await drawer().getByRole('heading', { name: 'Published models' }).waitFor();
}

async function judges(name: RegExp): Promise<void> {
  await expect.poll(header, { timeout: MINUTES }).toMatch(name);
}

/** PEFT's fixture with other settings, in a folder of this name. */
function adapterWith(name: string, changes: object): string {
  const copy = join(folder, name);
  cpSync(`${FIXTURES}/dpo/sigmoid/adapter-final`, copy, { recursive: true });
  const path = join(copy, 'adapter_config.json');
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...changes }));
  return copy;
}

const chooseFolder = (path: string) => drawer().getByLabel('Choose a folder').setInputFiles(path);

/** Judges again and gives the text. */
async function verdict(): Promise<string> {
  await page.keyboard.press('Escape');
  await main()
    .getByRole('button', { name: /^Judge/ })
    .click();
  const text = main().locator('.rationale');
  await main().getByText('Underlined: words').waitFor({ timeout: MINUTES });
  return text.innerText();
}

describe('an adapter made in Python', () => {
  test('is checked, stored, judges, survives a reload, comes off and is deleted', async () => {
    const files = hub.publish(NAME, `${FIXTURES}/models/llama`);
    // The judge's own short prompt, so that its 512 tokens suffice.
    files.set('judge.json', Buffer.from('{}'));
    await visit(page, '#/judge');
    await openModels();
    await drawer().getByLabel('Repository').fill(NAME);
    await button('Look up').click();
    await button(/^Download \d/).click();
    await button(`Judge with ${NAME}`).click({ timeout: MINUTES });
    await judges(/tiny-llama\s+CPU/);
    const plain = await verdict();

    await openModels();
    // A scale that shows in the text of a model that was never trained.
    await chooseFolder(adapterWith('strong', { lora_alpha: 400 }));
    await judges(/tiny-llama \+ strong\s+CPU/);
    await main().getByText('Another judge was loaded. Judge again.').waitFor();
    const adapted = await verdict();
    expect(adapted).not.toBe(plain);

    await page.reload();
    await judges(/tiny-llama \+ strong\s+CPU/);
    expect(await verdict()).toBe(adapted);

    await openModels();
    expect(await button('Delete the adapter strong').isDisabled()).toBe(true);
    await button('Take the adapter off').click();
    await judges(/tiny-llama\s+CPU/);
    expect(await verdict()).toBe(plain);

    await openModels();
    await button('Judge with the adapter strong').click();
    await judges(/tiny-llama \+ strong\s+CPU/);
    await button('Judge with nano-judge').first().click();
    await judges(/nano-judge\s+CPU/);
    await drawer().getByText(`Open ${NAME} to judge with it.`).waitFor();
    await button('Delete the adapter strong').click();
    await button('Really delete the adapter strong').click();
    await expect.poll(() => drawer().getByRole('heading', { name: 'Adapters' }).count()).toBe(0);
    expect(watched.problems).toEqual([]);
  });

  test.runIf(LONG).each([
    ['for another model', {}, /has shape \[\d+, \d+\]; this model and rank need|has no place/],
    ['a DoRA adapter', { use_dora: true }, /it is a DoRA adapter/],
    ['for unknown modules', { target_modules: ['q_proj'] }, /does not name it as a target|has shape/],
    ['no adapter at all', { peft_type: 'IA3' }, /it is not a LoRA adapter/],
  ])('is refused in words when it is %s, and the judge stays', async (_, changes, sentence) => {
    await visit(page, '#/judge');
    await judges(/nano-judge\s+CPU/);
    await openModels();
    await chooseFolder(adapterWith('bad', changes));
    await drawer().getByRole('alert').filter({ hasText: sentence }).waitFor();
    await judges(/nano-judge\s+CPU/);
    expect(await drawer().getByRole('heading', { name: 'Adapters' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await main()
      .getByRole('button', { name: /^Judge/ })
      .click();
    await main().getByText('Underlined: words').waitFor({ timeout: MINUTES });
    expect(watched.problems).toEqual([]);
  });
});

describe('a trained judge', () => {
  /** Enough for a round in seconds. */
  const SMALL = { 'Held-out items': 20, 'Items per round (M)': 40, 'Samples per item (N)': 8 };

  async function train(settings: Record<string, number>): Promise<void> {
    await visit(page, '#/improve/new');
    await page.getByText('All settings').click();
    for (const [label, value] of Object.entries({ ...SMALL, ...settings })) {
      const field = page.getByLabel(label, { exact: true });
      await field.fill(String(value));
      await field.press('Tab');
    }
    await page.getByRole('button', { name: 'Run all' }).click();
    await page.getByRole('tab', { name: /Results.*%/ }).waitFor({ timeout: 3 * MINUTES });
  }

  const kept = () => page.getByRole('group', { name: 'Keep the judge of round 1' });

  async function save(name: string): Promise<{ files: Map<string, Blob>; path: string }> {
    const [download] = (await Promise.all([
      page.waitForEvent('download'),
      kept().getByRole('button', { name }).click(),
    ])) as [Download, unknown];
    const path = join(folder, download.suggestedFilename());
    await download.saveAs(path);
    const files = await readZip(new Blob([readFileSync(path)]));
    return { files: new Map([...files].map(([at, file]) => [at.split('/').at(-1)!, file])), path };
  }

  const nano = () =>
    parseModelConfig(JSON.parse(readFileSync('public/models/nano-judge/config.json', 'utf8')));

  test.runIf(LONG)('is saved as an adapter and as a merged model, and both open here again', async () => {
    await train({ 'LoRA rank': 4, 'LoRA alpha': 8 });
    const adapter = await save('Save adapter');
    expect(await readAdapter(adapter.files, nano())).toMatchObject({ kind: 'lora', rank: 4, alpha: 8 });
    const merged = await save('Export merged model');
    expect([...merged.files.keys()]).toEqual(
      expect.arrayContaining(['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']),
    );
    expect((await openModel(merged.files)).config).toEqual(nano());

    await openModels();
    await drawer().getByLabel('Choose files').setInputFiles(adapter.path);
    await judges(/nano-judge \+ .*-round-1-adapter\s+CPU/);
    const adapted = await (await visit(page, '#/judge'), verdict());
    await openModels();
    await drawer().getByLabel('Choose files').setInputFiles(merged.path);
    await judges(/-round-1\s+CPU/);
    expect(await verdict()).toBe(adapted);
    expect(watched.problems).toEqual([]);
  });

  test.runIf(LONG)('of which all weights were trained is saved as a model only', async () => {
    await train({});
    await main().getByText('so there is no adapter').waitFor();
    expect(await kept().getByRole('button', { name: 'Save adapter' }).count()).toBe(0);
    const { files } = await save('Export model');
    const { config, weights } = await openModel(files);
    expect(config).toEqual(nano());
    expect(weights.entries.get('model.norm.weight')?.format).toBe('f32');
    expect(watched.problems).toEqual([]);
  });
});
