/** Lets the page draw and react if the last pause was long enough ago (measured work slices of 30 ms). */
export function breather(slice = 30): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < slice) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
}
