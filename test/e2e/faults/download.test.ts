import type { Page } from 'playwright';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HubServer } from '../hub-server.ts';
import { CLOCK_JUMP, KILLED, RELOAD, TAB_CLOSED } from './faults.ts';
import { Session } from './session.ts';
import { SAMPLING } from './stages.ts';
import { LONG } from '../../long.ts';

const NAME = 'somebody/tiny-llama';
const ARRIVED = 300_000;

const drawer = (page: Page) => page.getByRole('dialog', { name: 'The judge' });

async function openModels(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Open the judge’s card/ }).click();
  await page.getByRole('tab', { name: 'Models' }).click();
  await page.getByRole('heading', { name: 'Published models' }).waitFor();
}

/** Downloads until the hub stalls in the middle of the weights. */
async function reachDownload({ page, address }: Session, hub: HubServer): Promise<void> {
  hub.stallAfter = ARRIVED;
  await page.goto(`${address}#/judge`);
  await openModels(page);
  await drawer(page).getByLabel('Repository').fill(NAME);
  await drawer(page).getByRole('button', { name: 'Look up' }).click();
  await drawer(page).getByRole('button', { name: /^Download \d/ }).click(); // prettier-ignore
  const bar = drawer(page).getByRole('progressbar', { name: NAME });
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow')), { timeout: 60_000 }).toBeGreaterThanOrEqual(ARRIVED); // prettier-ignore
}

describe.runIf(LONG)('download', () => {
  let hub: HubServer;
  let session: Session;
  beforeEach(async () => {
    hub = await HubServer.start();
    hub.publish(NAME, 'test/fixtures/models/llama');
    session = await Session.open({ flags: hub.chromiumFlags });
  });
  afterEach(async () => {
    await session.end();
    await hub.stop();
  });

  test.each([RELOAD, TAB_CLOSED, KILLED])(
    '$name: what had arrived is kept, and the rest is asked for by a range',
    async (fault) => {
      await reachDownload(session, hub);
      await fault.strike(session, { ...SAMPLING, route: '#/judge' });
      hub.stallAfter = null;
      await openModels(session.page);
      await drawer(session.page)
        .getByRole('button', { name: `Resume the download of ${NAME}` })
        .click();
      await judgeWithIt(session.page);
      expect(hub.cdnRequests.map(({ range }) => range)).toEqual([
        null,
        expect.stringMatching(/^bytes=[2-7]\d{5}-$/),
      ]);
      expect(session.uncaught).toEqual([]);
    },
  );

  test('the clock jumps a day ahead: the download goes on where it was', async () => {
    await reachDownload(session, hub);
    await CLOCK_JUMP.strike(session, SAMPLING);
    const { page } = session;
    await drawer(page).getByLabel(`Download of ${NAME}`).getByRole('button', { name: 'Pause' }).click();
    hub.stallAfter = null;
    await drawer(page).getByLabel(`Download of ${NAME}`).getByRole('button', { name: 'Resume' }).click();
    await judgeWithIt(page);
  });
});

async function judgeWithIt(page: Page): Promise<void> {
  await drawer(page)
    .getByRole('button', { name: `Judge with ${NAME}` })
    .click({ timeout: 60_000 });
  await expect.poll(() => page.getByRole('banner').first().innerText(), { timeout: 60_000 }).toMatch(new RegExp(`${NAME}\\s+CPU`)); // prettier-ignore
}
