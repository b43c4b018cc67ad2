import type { Page } from 'playwright';
import type { Session } from './session.ts';

/** Bytes of a project that nobody needs any more. */
const BALLAST = 32_000_000;
export const BALLAST_NAME = 'An old project';

/** Stores a project of some size beside the one on show, by the browser's own means. */
export async function storeBallast({ page, address }: Session): Promise<void> {
  await page.goto(`${address}#/data`);
  await page.waitForFunction(() => localStorage.getItem('judge-playground.project') !== null);
  await page.evaluate(
    async ([name, bytes]) => {
      const answer = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(new Error(request.error?.message));
        });
      // Text that cannot be compressed: the database would make little of any other.
      const noise = (length: number) => {
        const random = new Uint8Array(length);
        for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(random.subarray(at, at + 65_536));
        return Array.from(random, (byte) => String.fromCharCode(33 + (byte % 90))).join('');
      };
      const database = await answer(indexedDB.open('judge-playground'));
      const [project] = (await answer(
        database.transaction('projects').objectStore('projects').getAll(),
      )) as object[];
      const [stored] = (await answer(database.transaction('items').objectStore('items').getAll(null, 1))) as {
        item: object;
      }[];
      const transaction = database.transaction(['projects', 'items'], 'readwrite');
      transaction.objectStore('projects').put({ ...project, id: 'old', name, created: 0 });
      const pieces = 40;
      for (let position = 0; position < pieces; position++) {
        const item = { ...stored?.item, id: `old-${position}`, response: noise(bytes / pieces) };
        transaction.objectStore('items').put({ ...stored, projectId: 'old', split: 'train', position, item });
      }
      await new Promise((resolve) => (transaction.oncomplete = resolve));
      database.close();
    },
    [BALLAST_NAME, BALLAST] as const,
  );
}

/** By how much the quota falls below what is used: a database that is tidied up in between gives back some. */
const SHORT_OF = 10_000_000;

/** From now on the origin has less room than it uses: nothing more can be written. */
export async function fillStorage({ page, chromium }: Session): Promise<void> {
  const usage = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  const devtools = await chromium.context.newCDPSession(page);
  const origin = await page.evaluate(() => location.origin);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage - SHORT_OF });
}

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Make room' });

/** A reader makes room where the page asks for it: deletes the old project, and has what waits written again. */
export async function makeRoom(page: Page): Promise<void> {
  await dialog(page).getByText('no room left').waitFor({ timeout: 120_000 });
  await dialog(page)
    .getByRole('button', { name: `Delete ${BALLAST_NAME}` })
    .click();
  await dialog(page)
    .getByRole('button', { name: `Save ${BALLAST_NAME} as a file` })
    .waitFor();
  await dialog(page)
    .getByRole('button', { name: `Really delete ${BALLAST_NAME}` })
    .click();
  await dialog(page).getByText(BALLAST_NAME).waitFor({ state: 'hidden' });
  const again = dialog(page).getByRole('button', { name: 'Try again' });
  if (await again.count()) await again.click();
}
