/** Weight of the newest reading: about the mean of the last ten. */
const NEWEST = 0.1;

export interface Speed {
  bytesPerSecond: number | null;
  secondsLeft: number | null;
}

/** Speed and time left of a download, smoothed, read at regular intervals; each phase is measured by itself. */
export class Speedometer {
  #phase = '';
  #at = 0;
  #done = 0;
  #speed: number | null = null;

  read(phase: string, done: number, total: number): Speed {
    const now = performance.now();
    if (phase === this.#phase) {
      const latest = ((done - this.#done) * 1000) / (now - this.#at);
      this.#speed = this.#speed === null ? latest : this.#speed + NEWEST * (latest - this.#speed);
    } else {
      this.#phase = phase;
      this.#speed = null;
    }
    this.#at = now;
    this.#done = done;
    const known = this.#speed !== null && this.#speed > 0;
    return { bytesPerSecond: this.#speed, secondsLeft: known ? (total - done) / this.#speed! : null };
  }
}
