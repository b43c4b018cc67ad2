import { describe, expect, test } from 'vitest';
import { doneOf, MIDDLE_RUN, startRun } from './run.ts';
import { inSession } from './session.ts';
import { LONG } from '../../long.ts';

describe.runIf(LONG)('an engine that is lost again and again', () => {
  test('the fourth loss of a run ends it in words, with a button for what to try', async () => {
    await inSession({}, async (session) => {
      const { page, address } = session;
      await startRun(page, address, MIDDLE_RUN);
      await doneOf(page, 'Asking the seed judge');
      for (let loss = 1; loss <= 3; loss++) {
        await session.harmWorkers('throws');
        await page.getByText(`${loss} of 3`).waitFor({ timeout: 60_000 });
        await page.getByText(`${loss} of 3`).waitFor({ state: 'hidden', timeout: 60_000 });
      }
      await session.harmWorkers('throws');
      await page.getByText('The engine was lost 4 times').first().waitFor({ timeout: 60_000 });
      await page.getByRole('button', { name: /^New run with \d+ pairs per step/ }).waitFor();
      expect(session.uncaught).toEqual([]);
    });
  });
});
