/**
 * A function to await between pieces of long work: it yields to the event loop, so that a page can draw and react, if
 * the last yield is more than `slice` milliseconds ago (30 by measurement).
 */
export function eventLoopYielder(slice = 30): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < slice) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
}
