import type { Page } from 'playwright';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectSame } from './compare.ts';
import { runRecords, type RunRecords } from './records.ts';
import { accuracy, doneOf, ended, job, SMALL_RUN, startRun } from './run.ts';
import { inSession, type Session } from './session.ts';
import { SAMPLING, uninterrupted } from './stages.ts';
import { LONG } from '../../long.ts';

const followed = (page: Page) => page.getByRole('region', { name: 'A job in another tab' });

/** A second tab on the run that the first has under way. */
async function secondTab({ page, chromium }: Session): Promise<Page> {
  const second = await chromium.newPage();
  await second.goto(page.url());
  await followed(second).getByRole('progressbar').waitFor();
  return second;
}

describe.runIf(LONG)('two tabs', () => {
  let expected: RunRecords;
  beforeAll(async () => {
    expected = await inSession({}, async (session) => {
      await uninterrupted(SAMPLING, session, SMALL_RUN);
      return runRecords(session.page);
    });
  });

  test('the second follows the run of the first, cannot start it, and shows its results when it ends', async () => {
    await inSession({}, async (session) => {
      const { page, address } = session;
      await startRun(page, address, SMALL_RUN);
      await doneOf(page, 'Sampling rationales');
      const second = await secondTab(session);
      expect(await second.getByRole('button', { name: /^Run (all|the rest)/ }).count()).toBe(0);
      await ended(page);
      await accuracy(second).waitFor();
      expectSame(await runRecords(second), expected);
    });
  });

  test.each(['Sampling rationales', 'Training with DPO'])(
    '%s: the second takes the run over, the first says so, and it ends as it would have',
    async (bar) => {
      await inSession({}, async (session) => {
        const { page, address } = session;
        await startRun(page, address, SMALL_RUN);
        await doneOf(page, bar);
        const second = await secondTab(session);
        await followed(second).getByRole('button', { name: 'Take over' }).click();
        await page.getByText('Taken over by another tab').first().waitFor();
        await job(second).waitFor();
        await ended(second);
        expectSame(await runRecords(second), expected);
      });
    },
  );

  test('the tab that had the run is closed: the second offers to go on', async () => {
    await inSession({}, async (session) => {
      const { page, address } = session;
      await startRun(page, address, SMALL_RUN);
      await doneOf(page, 'Sampling rationales');
      const second = await secondTab(session);
      await page.close();
      await second.getByRole('button', { name: 'Go on' }).first().click();
      await ended(second);
      expectSame(await runRecords(second), expected);
    });
  });
});
