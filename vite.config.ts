import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { contentSecurityPolicy } from './scripts/vite/content-security-policy.ts';
import { sharedFolder } from './scripts/vite/shared-folder.ts';

export default defineConfig({
  // The built page works from any folder of any static host.
  base: './',
  plugins: [svelte(), contentSecurityPolicy(), sharedFolder()],
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    sourcemap: false,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { bundlerTimings: false } },
    // TensorFlow.js with both backends is one chunk of the engine worker, about 950 kB.
    chunkSizeWarningLimit: 2000,
    // WASM binaries stay files: as data URLs they would need connect-src data:.
    assetsInlineLimit: 0,
  },
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1', port: 4173 },
});
