/**
 * Keeps every file of one build of the page, so that all of it works without a network. It answers for those files alone,
 * under its own folder; whatever else the page asks for, the hub's downloads among it, goes its way untouched.
 *
 * A file is kept only when its hash is that of the build (Subresource Integrity of `fetch`), so neither half a file nor one
 * of another build can be: where one does not arrive, this version is not installed and the one before stays. It takes over
 * when the reader says so, or when no page of the version before is open any more.
 */
import { nameIn } from '../src/harness/own-name.ts';
import type { Asked, ServiceWorkerScope } from './service-worker-scope.ts';

/**
 * Put in by scripts/vite/service-worker.ts: every file by its path below the page's folder, '' being the page, with its
 * hash as an `integrity` attribute writes it; and a name for all of them together.
 */
declare const __FILES__: Readonly<Record<string, string>>;
declare const __BUILD__: string;

const worker = globalThis as unknown as ServiceWorkerScope;
const { scope } = worker.registration;
const FILES = new Map(Object.entries(__FILES__));

/** Of all builds of this copy of the page: `<NAME>@<build>`. */
const NAME = nameIn(new URL(scope).pathname, 'judge-playground.files');
const CACHE = `${NAME}@${__BUILD__}`;

/** Files whose names change with their content: one that a cache has is right, whatever build it came with. */
const isHashed = (path: string): boolean => /^(assets|workers)\//.test(path);

/** Caches of this copy's builds, this one first. */
async function ownCaches(): Promise<string[]> {
  const names = await caches.keys();
  return [CACHE, ...names.filter((name) => name !== CACHE && name.replace(/@[^@]*$/, '') === NAME)];
}

/** @throws TypeError where it does not arrive as it was built, or from another address */
async function arrived(path: string, integrity: string): Promise<Response> {
  const cache = isHashed(path) ? 'default' : 'no-cache';
  const response = await fetch(scope + path, { integrity, cache, redirect: 'error' });
  if (!response.ok) throw new TypeError(`${path}: HTTP ${response.status}`);
  return response;
}

/** Some hosts give the page by the address of its folder alone, others by that of its file. */
const arrivedPage = (integrity: string): Promise<Response> =>
  arrived('', integrity).catch(() => arrived('index.html', integrity));

/** One file after the other, so that what the reader does meanwhile has the line. Goes on where an earlier try ended. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const [path, integrity] of FILES) {
    const url = scope + path;
    if (await cache.match(url)) continue;
    await cache.put(url, await (path === '' ? arrivedPage(integrity) : arrived(path, integrity)));
  }
}

/** Which of our files a request asks for; null where it is none of them. */
function ownPath({ url, method }: Request): string | null {
  if (method !== 'GET' || !url.startsWith(scope)) return null;
  const path = url.slice(scope.length).replace(/[?#].*$/, '');
  if (path === 'index.html') return '';
  // A page of the version before may still ask for its own.
  return FILES.has(path) || isHashed(path) ? path : null;
}

/** The file as it was kept, with its headers: a worker's policy is one of them. */
async function kept(path: string): Promise<Response | undefined> {
  for (const name of isHashed(path) ? await ownCaches() : [CACHE]) {
    const cache = await caches.open(name);
    const response = await cache.match(scope + path, { ignoreVary: true });
    if (response) return response;
  }
  return undefined;
}

/** Removes the files of earlier builds, unless a page may be open that came from one, or a newer build is on its way. */
async function tidyUp(): Promise<void> {
  const { installing, waiting } = worker.registration;
  const open = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (installing || waiting || open.filter(({ url }) => url.startsWith(scope)).length > 1) return;
  const [, ...earlier] = await ownCaches();
  await Promise.all(earlier.map((name) => caches.delete(name)));
}

worker.addEventListener('install', (event) => event.waitUntil(keepAll()));
worker.addEventListener('activate', (event) =>
  event.waitUntil(Promise.all([worker.clients.claim(), tidyUp()])),
);
worker.addEventListener('message', (event) => {
  const asked = event.data as Asked;
  if (asked === 'take over') event.waitUntil(worker.skipWaiting());
  if (asked === 'tidy up') event.waitUntil(tidyUp());
});
worker.addEventListener('fetch', (event) => {
  const path = ownPath(event.request);
  // What the browser has cleared away is asked for as if there were no worker.
  if (path !== null) event.respondWith(kept(path).then((response) => response ?? fetch(event.request)));
});
