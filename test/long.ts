/** What does not fit into the minutes of `npm test` runs in `npm run test:long`. */
export const LONG = Boolean(import.meta.env.LONG);

/**
 * WebGPU's kernels divide their work by one of two tables, by what the adapter is. SwiftShader is slow: each time, the
 * table that is its own, and every kernel once under the other (tensor/ops.test.ts); all under both in the long run.
 */
export const WEBGPU_TABLES: readonly ('software' | 'hardware')[] = LONG
  ? ['software', 'hardware']
  : ['software'];

/** Each backend with its tables; WASM has none. */
export const TABLES: readonly (readonly [
  backend: 'wasm' | 'webgpu',
  table: 'none' | 'software' | 'hardware',
])[] = [['wasm', 'none'], ...WEBGPU_TABLES.map((table) => ['webgpu', table] as const)];
