import { describe, expect, test } from 'vitest';
import { runRecords } from './records.ts';
import { doneOf, ended, startRun, TINY_RUN } from './run.ts';
import { inSession } from './session.ts';
import { LONG } from '../../long.ts';

/** A Chromium as readers have it: after two crashes of its GPU process it gives no adapter any more. */
const OPTIONS = { engine: 'webgpu', query: '?backend=webgpu' } as const;

/** Time for the engine to be opened again on a GPU process that has to start. */
const RECOVERY_MS = 120_000;

describe.runIf(LONG)('a GPU that does not come back', () => {
  test('the run goes on on WASM, says and records it, and measures its baseline there again', async () => {
    await inSession(OPTIONS, async (session) => {
      const { page, chromium, address } = session;
      await startRun(page, address, TINY_RUN);
      await doneOf(page, 'Sampling rationales');
      for (let crash = 0; crash < 2; crash++) {
        chromium.killGpuProcess();
        await page.getByText('The engine was lost').first().waitFor({ timeout: RECOVERY_MS });
        await page
          .getByText('Opening the engine again')
          .first()
          .waitFor({ state: 'hidden', timeout: RECOVERY_MS });
      }
      await ended(page, 600_000);
      await page.getByText(/It ran on WebGPU.*then on the CPU/).waitFor();
      const { judgments, done } = await runRecords(page);
      expect(done).toBe(true);
      // The seed judge's grades, which results are compared with, were made on WASM as well.
      const seedOnWasm = Object.entries(judgments).filter(([scope]) => /^greedy\/.*\/wasm\//.test(scope));
      expect(seedOnWasm.map(([, { count }]) => count)).toHaveLength(2);
    });
  });
});
