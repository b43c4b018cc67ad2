import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launch } from './browser.ts';
import { ATTEMPTS, attemptsOf, type Outcomes } from './policy-attempts.ts';
import { ForeignHost, StaticHost } from './static-host.ts';
import { WorkerConsole } from './worker-console.ts';

const DIST = 'dist';
const WORKERS = readdirSync(join(DIST, 'workers')).filter((name) => name.endsWith('.js'));
const SCRIPTS = ['workers', 'assets'].flatMap((folder) =>
  readdirSync(join(DIST, folder))
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(DIST, folder, name)),
);

/** A page without any policy that can start workers, and a worker that has no lock. */
const BARE = {
  '/bare.html': '<!doctype html><title>bare</title><link rel="icon" href="data:," />',
  // No lock: what is refused here, the browser refuses.
  '/workers/bare.js': 'onmessage = () => postMessage("ready");',
};

let browser: Browser;
let foreign: ForeignHost;
const hosts: Record<string, StaticHost> = {};

beforeAll(async () => {
  browser = await launch('wasm');
  foreign = await new ForeignHost().listen();
  hosts['with headers'] = await new StaticHost(DIST, true, BARE).listen();
  hosts['without headers'] = await new StaticHost(DIST, false, BARE).listen();
});
afterAll(async () => {
  await browser.close();
  await Promise.all([foreign, ...Object.values(hosts)].map((host) => host.stop()));
});
afterEach(() => foreign.requests.splice(0));

/** Each attempt of these kinds with the same outcome. */
const all = (kinds: (keyof typeof ATTEMPTS)[], outcome: 'done' | 'refused'): Outcomes =>
  Object.fromEntries(kinds.flatMap((kind) => Object.keys(ATTEMPTS[kind]).map((name) => [name, outcome])));

async function openPage(host: StaticHost, path: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(host.address + path);
  return page;
}

/** Starts a worker and waits until its script has been evaluated: only then Comlink answers, here with nothing. */
const startWorker = (name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(`/workers/${name}`, { type: 'module' });
    worker.onmessage = () => resolve();
    worker.onerror = () => reject(new Error(`${name} did not start.`));
    worker.postMessage({ id: 'ready', type: 'GET', path: ['nothing'] });
  });

/** What workers of these names, started by a page that has no policy, are let do. */
async function outcomesIn(
  names: string[],
  host: StaticHost,
  kinds: (keyof typeof ATTEMPTS)[],
): Promise<Outcomes[]> {
  const page = await openPage(host, 'bare.html');
  const workers = await WorkerConsole.of(page);
  const outcomes = await Promise.all(
    names.map(async (name) => {
      await page.evaluate(startWorker, name);
      return workers.evaluate(name, attemptsOf(kinds, foreign.address, host.address));
    }),
  );
  await page.close();
  return outcomes as Outcomes[];
}

describe('a worker', () => {
  test('without a lock and without a policy does all of it: the attempts are real', async () => {
    const [outcomes] = await outcomesIn(['bare.js'], hosts['without headers']!, [
      'NETWORK',
      'IMPORT',
      'CODE',
    ]);
    // The foreign host has no font.
    expect(outcomes).toEqual({ ...all(['NETWORK', 'IMPORT', 'CODE'], 'done'), FontFace: 'refused' });
    expect(new Set(foreign.requests)).toEqual(
      new Set([...Object.keys(ATTEMPTS.NETWORK), ...Object.keys(ATTEMPTS.IMPORT)]),
    );
  });

  test('under the header is refused all of it by the browser', async () => {
    const [outcomes] = await outcomesIn(['bare.js'], hosts['with headers']!, ['NETWORK', 'IMPORT', 'CODE']);
    expect(outcomes).toEqual(all(['NETWORK', 'IMPORT', 'CODE'], 'refused'));
    expect(foreign.requests).toEqual([]);
  });

  test('of ours refuses it by itself where no header is sent', async () => {
    expect(WORKERS.length).toBeGreaterThanOrEqual(5);
    const kinds: (keyof typeof ATTEMPTS)[] = ['NETWORK', 'CODE', 'UNLOCK'];
    const outcomes = await outcomesIn(WORKERS, hosts['without headers']!, kinds);
    for (const [i, name] of WORKERS.entries()) expect(outcomes[i], name).toEqual(all(kinds, 'refused'));
    expect(foreign.requests).toEqual([]);
  });

  test('of ours is locked before anything else of it runs', () => {
    for (const name of WORKERS)
      expect(readFileSync(join(DIST, 'workers', name), 'utf8'), name).toMatch(
        /^(\/\*[^]*?\*\/\s*)?import"\.\.\/assets\/lockdown-[\w-]+\.js";/,
      );
  });

  test('imports nothing at run time but chunks of this build', () => {
    const texts = SCRIPTS.map((file) => readFileSync(file, 'utf8').replace(/\/\*[^]*?\*\//g, ''));
    const imports = texts.flatMap((text) => [...text.matchAll(/\bimport\s*\(\s*(.{0,80})/g)]);
    const computed = imports.filter(([, address]) => !/^([`"'])\.\.?\/[\w./-]+\.js\1/.test(address!));
    expect(imports.length).toBeGreaterThan(10);
    // zip.js could be told of a module with a codec of one's own, once in the page's chunk and once in a worker's.
    for (const { input, index } of computed)
      expect(input.slice(index - 300, index)).toContain('DecompressionStream:');
    expect(readFileSync('src/model/formats/zip.ts', 'utf8')).not.toMatch(/codec/i);
  });
});

describe.each(['with headers', 'without headers'])('the page %s', (kind) => {
  test('reaches no other host and evaluates no text', async () => {
    const host = hosts[kind]!;
    const page = await openPage(host, '');
    await page.getByRole('main').waitFor();
    const outcomes = await page.evaluate(
      attemptsOf(['NETWORK', 'IMPORT', 'CODE'], foreign.address, host.address),
    );
    expect(outcomes).toEqual(all(['NETWORK', 'IMPORT', 'CODE'], 'refused'));
    expect(foreign.requests).toEqual([]);
    await page.close();
  });
});

test('the licences of what is in the page, its workers and its fonts come with it', async () => {
  const notice = readFileSync(join(DIST, 'licences.txt'), 'utf8');
  for (const name of ['svelte', '@tensorflow/tfjs-core', 'comlink', '@fontsource-variable/inter'])
    expect(notice).toMatch(new RegExp(`^${name} [0-9.]+ \\([\\w.-]+\\)$`, 'm'));
  const page = await openPage(hosts['with headers']!, '');
  const link = page.getByRole('link', { name: 'Licences of what it is built with' });
  expect(await link.getAttribute('href')).toBe('licences.txt');
  await page.close();
});
