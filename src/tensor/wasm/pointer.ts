/** A byte address in the WASM heap. */
export type Pointer = number;
