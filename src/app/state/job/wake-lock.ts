/** Keeps the screen awake while a job is in front, so that the device does not fall asleep over it. */
export class WakeLock {
  #wanted = false;
  #sentinel: WakeLockSentinel | null = null;

  constructor() {
    // The browser takes the lock from a page that is not visible.
    document.addEventListener('visibilitychange', () => void this.#take());
  }

  /** Whether the device is to stay awake. */
  set wanted(wanted: boolean) {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (wanted) void this.#take();
    else void this.#sentinel?.release().catch(() => undefined);
  }

  async #take(): Promise<void> {
    if (!this.#wanted || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    if (this.#sentinel && !this.#sentinel.released) return;
    try {
      this.#sentinel = await navigator.wakeLock.request('screen');
      if (!this.#wanted) await this.#sentinel.release();
    } catch {
      // Refused, such as on a low battery: the job goes on as long as the device is awake.
    }
  }
}
