import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { appVersion } from './scripts/vite/app-version.ts';
import { connectHosts } from './scripts/vite/connect-hosts.ts';
import { contentSecurityPolicy } from './scripts/vite/content-security-policy.ts';
import { securityHeaderFiles } from './scripts/vite/security-header-files.ts';
import { WORKERS_FOLDER } from './scripts/vite/security-headers.ts';
import { serviceWorker } from './scripts/vite/service-worker.ts';
import { sharedFolder } from './scripts/vite/shared-folder.ts';
import { thirdPartyLicences } from './scripts/vite/third-party-licences.ts';

const hosts = connectHosts(process.env['CONNECT_HOSTS']);
const licences = thirdPartyLicences();

export default defineConfig({
  // The built page works from any folder of any static host.
  base: './',
  define: appVersion(),
  plugins: [
    svelte(),
    contentSecurityPolicy(hosts),
    securityHeaderFiles(hosts),
    licences.ofPage,
    sharedFolder(),
    serviceWorker(),
  ],
  worker: {
    format: 'es',
    plugins: () => [licences.ofWorkers],
    rolldownOptions: {
      output: {
        entryFileNames: `${WORKERS_FOLDER}/[name]-[hash].js`,
        // Chunks that a worker shares with its parts are evaluated before the worker itself: what has to come first is one.
        codeSplitting: { groups: [{ name: 'lockdown', test: /workers\/lockdown\.ts$/ }] },
      },
    },
  },
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
