import { trustedWorkerUrl } from '../../../../workers/trusted-url.ts';
import type { Asked } from '../../../../workers/service-worker-scope.ts';
import { ownName } from '../../../harness/own-name.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { newVersion } from './new-version.svelte.ts';

/** How long no judge must have been on its way, in seconds: the first token of a first visit has the line to itself. */
const QUIET_SECONDS = 5;

/** Has a service worker keep the files of the page, for visits without a network. Where it is refused, nothing happens. */
export async function keepOffline(): Promise<void> {
  await quiet();
  try {
    const address = trustedWorkerUrl(new URL('service-worker.js', document.baseURI).href);
    const registration = await navigator.serviceWorker.register(address, { updateViaCache: 'none' });
    registration.active?.postMessage('tidy up' satisfies Asked);
    newVersion.watch(registration);
  } catch {
    // Private windows refuse it, and without a network there is none to be had anew.
  }
}

/** Resolves when the page has been loaded, and its judge, if one was asked for, is there. */
async function quiet(): Promise<void> {
  for (let seconds = 0; seconds < QUIET_SECONDS; seconds++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    if (document.readyState !== 'complete' || judgeEngine.opening) seconds = -1;
  }
}

/** Forgets the files of the page: the next visit needs a network. Other copies under this origin keep theirs. */
export async function forgetOffline(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const own = new URL('./', document.baseURI).href;
  const registration = await navigator.serviceWorker.getRegistration(own);
  // Another copy's, above this one, may answer for it.
  if (registration?.scope === own) await registration.unregister();
  const name = ownName('judge-playground.files');
  const kept = (await caches.keys()).filter((cache) => cache.replace(/@[^@]*$/, '') === name);
  await Promise.all(kept.map((cache) => caches.delete(cache)));
}
