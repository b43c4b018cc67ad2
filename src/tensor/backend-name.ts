export type BackendName = 'webgpu' | 'wasm';
