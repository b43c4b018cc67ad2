import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import { ended, QUICK_RUN, startRun } from './run.ts';
import { inSession, type Session } from './session.ts';
import { LONG } from '../../long.ts';

const NAME = 'judge-playground';

/** A tab of the page's origin that is not the page. */
async function otherTab({ chromium, server }: Session): Promise<Page> {
  const tab = await chromium.newPage();
  await tab.goto(`${server.address}icon.svg`);
  return tab;
}

/** Opens the database at a version and keeps it, as a tab of an older release does; or takes it over. */
const hold = (tab: Page, version: number) =>
  tab.evaluate(
    ([name, wanted]) =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open(name, wanted);
        request.onsuccess = () => {
          Object.assign(globalThis, { held: request.result });
          resolve();
        };
      }),
    [NAME, version] as const,
  );

const said = (page: Page, words: RegExp) => page.getByRole('alert').filter({ hasText: words }).first();

describe.runIf(LONG)('stored data that the page cannot have', () => {
  test.each(['#/data', '#/improve'])(
    '%s: a tab of an older release holds the database: the page says so within five seconds, and goes on when that tab closes',
    async (route) => {
      await inSession({}, async (session) => {
        const { page, address } = session;
        const old = await otherTab(session);
        await hold(old, 1);
        await page.goto(address + route);
        await page.getByRole('main').waitFor();
        await said(page, /another tab.*older version/i).waitFor({ timeout: 5000 });
        await old.close();
        await said(page, /another tab/i).waitFor({ state: 'hidden' });
        const opened =
          route === '#/data'
            ? page.getByText('Micro-judging tasks').first()
            : page.getByRole('button', { name: 'Run all' });
        await opened.waitFor({ timeout: 60_000 });
        expect(session.uncaught).toEqual([]);
      });
    },
  );

  test('a newer release in another tab takes the database: the page says so, and does not break', async () => {
    await inSession({}, async (session) => {
      const { page, address } = session;
      await page.goto(`${address}#/data`);
      await page.getByText('Micro-judging tasks').first().waitFor({ timeout: 60_000 });
      await hold(await otherTab(session), 999);
      await said(page, /newer version/i).waitFor({ timeout: 5000 });
      await page.reload();
      await said(page, /newer version/i).waitFor({ timeout: 10_000 });
      expect(session.uncaught).toEqual([]);
    });
  });

  test('another tab deletes the database: the page opens a new one', async () => {
    await inSession({}, async (session) => {
      const { page, address } = session;
      await page.goto(`${address}#/data`);
      await page.getByText('Micro-judging tasks').first().waitFor({ timeout: 60_000 });
      const other = await otherTab(session);
      await other.evaluate(
        (name) => new Promise((resolve) => (indexedDB.deleteDatabase(name).onsuccess = resolve)),
        NAME,
      );
      await page.goto(`${address}#/improve`);
      await page.reload();
      await page.getByRole('button', { name: 'Run all' }).waitFor({ timeout: 60_000 });
      expect(session.uncaught).toEqual([]);
    });
  });

  test('a browser that stores nothing: the page says so, and a run works for this visit', async () => {
    await inSession({}, async (session) => {
      const { page, address } = session;
      // What private windows of some browsers do; Chromium's own let a page store.
      await page.addInitScript(() => {
        const refuse = () => {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        };
        IDBFactory.prototype.open = refuse;
        StorageManager.prototype.getDirectory = () =>
          Promise.reject(new DOMException('The operation is insecure.', 'SecurityError'));
      });
      await startRun(page, address, QUICK_RUN);
      await said(page, /does not let the page store/i).waitFor();
      await ended(page);
      expect(session.uncaught).toEqual([]);
    });
  });
});
