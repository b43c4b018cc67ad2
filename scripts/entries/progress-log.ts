import type { Progress } from '../../src/harness/job.ts';

/** A line whenever a stage begins, and at most every ten seconds within one. */
export function progressLog(log: (line: string) => void): (progress: Progress) => void {
  let stage = '';
  let last = 0;
  return (progress) => {
    const place =
      progress.round === undefined ? progress.stage : `round ${progress.round}, ${progress.stage}`;
    const now = performance.now();
    if (place === stage && now - last < 10_000 && progress.done < progress.total) return;
    [stage, last] = [place, now];
    const speed = progress.tokensPerSecond ? `, ${progress.tokensPerSecond.toFixed(0)} tokens/s` : '';
    const left =
      progress.secondsLeft && progress.secondsLeft > 1 ? `, ${progress.secondsLeft.toFixed(0)} s left` : '';
    log(`${place}: ${progress.done}/${progress.total}${speed}${left}`);
  };
}
