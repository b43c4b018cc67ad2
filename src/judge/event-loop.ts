/**
 * A function to await between pieces of long work: it yields to the event loop, so that a page can draw and react, if
 * the last yield is more than `slice` milliseconds ago (30 by measurement).
 */
export function eventLoopYielder(slice = 30): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < slice) return;
    await nextTurn();
    last = performance.now();
  };
}

/**
 * Lets the event loop turn once, by a message to itself: a timer would wait at least 4 ms each time, and a second or more
 * in a tab that is not on show.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
