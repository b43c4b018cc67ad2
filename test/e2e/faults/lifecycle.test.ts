import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectSame } from './compare.ts';
import { PipeBrowser, type PipeTab } from './pipe-browser.ts';
import { runRecords, type RunRecords } from './records.ts';
import { SMALL_RUN } from './run.ts';
import { inSession } from './session.ts';
import { SAMPLING, TRAINING, uninterrupted } from './stages.ts';
import { LONG } from '../../long.ts';

/** Longer than any worker of this run may be silent. */
const FROZEN_MS = 40_000;

const BARS = { sampling: 'Sampling rationales', training: 'Training with DPO' };

/**
 * A run that was interrupted while it sampled goes on in a Chromium that is not told to keep its pages awake. A page that
 * is in front cannot be frozen, so a second tab is there to stand before it.
 */
async function inReadersChromium(
  work: (tab: PipeTab, inFront: PipeTab) => Promise<void>,
): Promise<RunRecords> {
  return inSession({}, async (session) => {
    await SAMPLING.reach(session, SMALL_RUN);
    await session.chromium.kill();
    const browser = PipeBrowser.start(session.chromium.profile);
    try {
      const inFront = await browser.openTab('about:blank');
      const tab = await browser.openTab(`${session.address}#/improve`);
      await tab.press('Go on');
      await work(tab, inFront);
      await tab.until(
        `[...document.querySelectorAll('[role=tab]')].some((tab) => /Results.*%/.test(tab.innerText))`,
        240,
      );
      return await runRecords(tab);
    } finally {
      await browser.kill();
    }
  });
}

const inStage = (tab: PipeTab, bar: string) =>
  tab.until(`document.querySelector('[role=progressbar][aria-label="${bar}"]')?.ariaValueNow > 0`);

async function freeze(tab: PipeTab, inFront: PipeTab): Promise<void> {
  await inFront.send('Page.bringToFront');
  await tab.until(`document.visibilityState === 'hidden'`);
  await tab.read(`document.addEventListener('freeze', () => (globalThis.wasFrozen = true))`);
  await tab.send('Page.setWebLifecycleState', { state: 'frozen' });
  await sleep(FROZEN_MS);
  await tab.send('Page.setWebLifecycleState', { state: 'active' });
  expect(await tab.read('globalThis.wasFrozen')).toBe(true);
}

describe.runIf(LONG)('a page that the browser puts aside', () => {
  let expected: RunRecords;
  beforeAll(async () => {
    expected = await inSession({}, async (session) => {
      await uninterrupted(SAMPLING, session, SMALL_RUN);
      return runRecords(session.page);
    });
  });

  test.each([SAMPLING, TRAINING])(
    'frozen while $name: it goes on when it is thawed, and no worker was taken for silent',
    async ({ name }) => {
      const records = await inReadersChromium(async (tab, inFront) => {
        await inStage(tab, BARS[name as keyof typeof BARS]);
        await freeze(tab, inFront);
        expect(await tab.read<string>('document.body.innerText')).not.toMatch(/stopped answering/i);
      });
      expectSame(records, expected);
    },
  );

  test('a run in a background tab ends by itself, as it would have in front', async () => {
    const records = await inReadersChromium(async (tab, inFront) => {
      await inFront.send('Page.bringToFront');
      await tab.until(`document.visibilityState === 'hidden'`);
    });
    expectSame(records, expected);
  });
});
