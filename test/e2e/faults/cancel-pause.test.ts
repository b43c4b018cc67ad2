import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectSame } from './compare.ts';
import { runRecords, storedJudgments, type RunRecords } from './records.ts';
import { job, SMALL_RUN } from './run.ts';
import { inSession } from './session.ts';
import { LAB, SAMPLING, STAGES, uninterrupted, type Stage } from './stages.ts';
import { LONG } from '../../long.ts';

/** From the click to the state that the page shows, by the page's own clock. */
const LIMIT_MS = 1000;

/**
 * Clicks a button of the running job, and measures inside the page how long it takes until `there` is shown: a test
 * library's own round trips are no part of it.
 */
function secondsUntil(page: Page, button: string, there: string): Promise<number> {
  return page.evaluate(
    async ([name, expectedButton]) => {
      const find = (text: string) => [...document.querySelectorAll('main button')].find((one) => one.textContent.trim() === text) as HTMLButtonElement | undefined; // prettier-ignore
      const pressed = performance.now();
      const own = find(name);
      if (!own || own.disabled) throw new Error(`${name} cannot be pressed.`);
      own.click();
      while (!find(expectedButton) && performance.now() - pressed < 30_000)
        await new Promise((resolve) => setTimeout(resolve, 10));
      return (performance.now() - pressed) / 1000;
    },
    [button, there] as const,
  );
}

/** What is stored one second after the click is all that is stored. */
async function nothingMoreIsWritten(page: Page): Promise<void> {
  const stored = await storedJudgments(page);
  await sleep(3000);
  expect(await storedJudgments(page)).toBe(stored);
}

describe.runIf(LONG)('Pause and Cancel act within one second', () => {
  const expected = new Map<Stage, RunRecords>();
  beforeAll(async () => {
    for (const stage of [SAMPLING, LAB]) {
      const records = await inSession({}, async (session) => {
        await uninterrupted(stage, session, SMALL_RUN);
        return runRecords(session.page);
      });
      expected.set(stage, records);
    }
  });

  test.each(STAGES)('$name: Pause stops it, and Resume ends it as if nothing had been', async (stage) => {
    await inSession({}, async (session) => {
      const { page } = session;
      await stage.reach(session, SMALL_RUN);
      expect(await secondsUntil(page, 'Pause', 'Resume')).toBeLessThan(LIMIT_MS / 1000);
      stage.release?.(session);
      await sleep(1000);
      await nothingMoreIsWritten(page);
      await job(page).getByRole('button', { name: 'Resume' }).click();
      await stage.ended(page);
      expectSame(await runRecords(page), expected.get(stage === LAB ? LAB : SAMPLING)!);
    });
  });

  test.each(STAGES)(
    '$name: Cancel ends it, and going on later ends it as if nothing had been',
    async (stage) => {
      await inSession({}, async (session) => {
        const { page } = session;
        await stage.reach(session, SMALL_RUN);
        const again = stage === LAB ? 'Go on' : stage.name === 'making ready' ? 'Run all' : 'Run the rest';
        expect(await secondsUntil(page, 'Cancel', again)).toBeLessThan(LIMIT_MS / 1000);
        await sleep(1000);
        await nothingMoreIsWritten(page);
        stage.release?.(session);
        await page.getByRole('main').getByRole('button', { name: again, exact: true }).click();
        await stage.ended(page);
        expectSame(await runRecords(page), expected.get(stage === LAB ? LAB : SAMPLING)!);
      });
    },
  );

  test('Cancel ends a run whose workers hang', async () => {
    await inSession({}, async (session) => {
      const { page } = session;
      await SAMPLING.reach(session, SMALL_RUN);
      await session.harmWorkers('hangs');
      await sleep(500);
      expect(await secondsUntil(page, 'Cancel', 'Run the rest')).toBeLessThan(LIMIT_MS / 1000);
      await page.getByRole('main').getByRole('button', { name: 'Run the rest' }).click();
      await SAMPLING.ended(page);
      expectSame(await runRecords(page), expected.get(SAMPLING)!);
    });
  });
});
