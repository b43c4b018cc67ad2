let skipped = 0;

/**
 * Milliseconds that only grow while the page can work: a monotonic clock without the time that it was frozen by the
 * browser, or asleep with its device. Speeds and time left are measured by it.
 */
export function workNow(): number {
  return performance.now() - skipped;
}

/** This many milliseconds went by without anybody working. */
export function skipTime(milliseconds: number): void {
  skipped += milliseconds;
}
