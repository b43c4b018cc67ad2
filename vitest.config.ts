import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM_FLAGS, findChromium, WEBGPU_FLAGS } from './scripts/chromium.ts';
import { dependenciesOf } from './scripts/vite/dependencies.ts';
import { sharedFolder } from './scripts/vite/shared-folder.ts';

/** `npm run test:long` adds what does not fit into `npm test`: tests read `import.meta.env.LONG`. */
const long = process.env['LONG'] ?? '';
const env = { LONG: long };
const minutes = 60_000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // Vitest leaves one of the cores to itself: of two that is half.
          maxWorkers: 2,
          // Functions without state: loading their modules once a worker, not once a file, takes 58 s instead of 91.
          isolate: false,
          environment: 'node',
          env,
          testTimeout: long ? 30 * minutes : 0.5 * minutes,
        },
      },
      {
        plugins: [svelte(), sharedFolder()],
        worker: { format: 'es' },
        ...dependenciesOf(['src', 'workers', 'test/browser', 'scripts/entries']),
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          env,
          // Two cores and one software GPU: files one after another.
          fileParallelism: false,
          testTimeout: long ? 60 * minutes : 2 * minutes,
          hookTimeout: 2 * minutes,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            ui: false,
            provider: playwright({
              launchOptions: {
                executablePath: findChromium() ?? 'chromium',
                args: [...CHROMIUM_FLAGS, ...WEBGPU_FLAGS],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          environment: 'node',
          env,
          globalSetup: 'test/e2e/serve-built-app.ts',
          fileParallelism: false,
          testTimeout: long ? 30 * minutes : 4 * minutes,
          hookTimeout: 4 * minutes,
        },
      },
    ],
  },
});
