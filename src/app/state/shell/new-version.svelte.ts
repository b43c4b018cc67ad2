import type { Asked } from '../../../../workers/service-worker-scope.ts';

/** How often a page that stays open asks whether there is a newer version, in milliseconds. */
const LOOK_MS = 3_600_000;

/** A newer version of the page, which is kept in this browser and waits for the reader's word. */
class NewVersion {
  #worker = $state.raw<ServiceWorker | null>(null);
  readonly waits = $derived(this.#worker !== null);

  watch(registration: ServiceWorkerRegistration): void {
    const look = (): void => {
      // The first version of all waits for nobody.
      if (registration.active && registration.waiting) this.#worker = registration.waiting;
    };
    look();
    registration.addEventListener('updatefound', () =>
      registration.installing?.addEventListener('statechange', look),
    );
    setInterval(() => void registration.update().catch(() => undefined), LOOK_MS);
  }

  /** Not on this visit. When every page of this version is closed, the next one is of the newer. */
  later(): void {
    this.#worker = null;
  }

  /** Begins this page anew with the newer version. Other tabs stay with theirs until they are reloaded. */
  use(): void {
    const begin = () => location.reload();
    // Another tab may have said so before.
    if (this.#worker?.state !== 'installed') {
      begin();
      return;
    }
    navigator.serviceWorker.addEventListener('controllerchange', begin, { once: true });
    this.#worker.postMessage('take over' satisfies Asked);
  }
}

export const newVersion = new NewVersion();
