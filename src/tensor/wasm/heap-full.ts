/** The WASM heap has no room for what is asked of it. */
export class HeapFullError extends Error {
  override name = 'HeapFullError';
}
