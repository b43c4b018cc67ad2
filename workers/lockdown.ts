/**
 * What a worker of this page must not do, whatever the host sends. A worker takes its policy from the headers of its own
 * script, never from the page's meta tag, and many static hosts send none. So every `*.worker.ts` imports this module first:
 * from then on the worker reaches its own origin only, evaluates no text, and starts no worker that would be free of it.
 * Nothing that runs later brings the old functions back.
 *
 * `import()` is syntax and cannot be replaced. Where the header is sent the browser refuses it a foreign address; where none
 * is, that no bundle imports anything but its own chunks is proved of the build (`test/e2e/policy.test.ts`).
 */

/** Something that a worker of this page does not do. */
class LockdownError extends Error {
  override name = 'LockdownError';
}

const NO_CODE_FROM_TEXT = 'A worker of this page evaluates no text as code.';

/** Ways to the network beside `fetch`, and workers of its own. None of ours needs one. */
const CLOSED = [
  'XMLHttpRequest',
  'WebSocket',
  'WebSocketStream',
  'EventSource',
  'WebTransport',
  'RTCPeerConnection',
  'FontFace',
  'Notification',
  'Worker',
  'SharedWorker',
  'importScripts',
];

/** A function, or constructor, that refuses to be called. */
const refusing = (message: string) =>
  function refuse(): never {
    throw new LockdownError(message);
  };

/** Fixes a property for good. */
const fix = (holder: object, name: string, value: unknown): unknown =>
  Object.defineProperty(holder, name, { value, writable: false, configurable: false });

/** Fixes a global on the scope and on each of its prototypes that has it, so that none hands out the old one. */
function fixGlobal(name: string, value: unknown): void {
  if (!(name in globalThis)) return;
  fix(globalThis, name, value);
  let holder = Object.getPrototypeOf(globalThis) as object | null;
  for (; holder; holder = Object.getPrototypeOf(holder) as object | null)
    if (Object.hasOwn(holder, name)) fix(holder, name, value);
}

function closeNetwork(): void {
  const { fetch, location } = globalThis;
  fixGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    if (new URL(request.url).origin !== location.origin)
      throw new LockdownError(`A worker of this page reaches its own origin only, not ${request.url}.`);
    // The mode has the browser refuse a redirect to elsewhere, too.
    return fetch(request, { mode: 'same-origin' });
  });
  for (const name of CLOSED) fixGlobal(name, refusing(`A worker of this page has no use for ${name}.`));
  // `Cache.add` fetches by itself.
  fixGlobal('caches', undefined);
}

function closeEvaluation(): void {
  fixGlobal('eval', refusing(NO_CODE_FROM_TEXT));
  const kinds = [function () {}, async function () {}, function* () {}, async function* () {}];
  for (const kind of kinds) {
    const prototype = Object.getPrototypeOf(kind) as object;
    const constructor = refusing(NO_CODE_FROM_TEXT);
    // `instanceof Function` stays true of functions.
    fix(constructor, 'prototype', prototype);
    fix(prototype, 'constructor', constructor);
  }
  fixGlobal('Function', Function.prototype.constructor);
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const start = globalThis[name];
    fixGlobal(name, (handler: TimerHandler, ...rest: unknown[]) => {
      if (typeof handler !== 'function') throw new LockdownError(NO_CODE_FROM_TEXT);
      return start(handler as () => void, ...(rest as [number]));
    });
  }
}

closeNetwork();
closeEvaluation();
