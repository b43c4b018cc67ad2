const SLICE_MS = 40;

/**
 * A worker that awaits only finished promises never reads its messages. `pause` lets them in every 40 ms, by a
 * message to itself (a timer would wait at least 4 ms each time), and then runs `check`, which may throw to stop.
 */
export function createPause(check: () => void): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < SLICE_MS) return;
    await nextMessage();
    last = performance.now();
    check();
  };
}

function nextMessage(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
