import type { CDPSession, Page } from 'playwright';
import type { Session } from './session.ts';

/** Bytes of a project that nobody needs any more. */
const BALLAST = 48_000_000;
export const BALLAST_NAME = 'An old project';

/** What the origin may use before it is full. */
const QUOTA = 120_000_000;
/** More than is left of it beside the ballast. */
const TOO_MUCH = QUOTA - BALLAST + 5_000_000;
/** By how much the quota then falls below what is used. */
const SHORT_OF = 1_000_000;

/** A quota lasts as long as the DevTools session that set it. */
const devTools = new WeakMap<Session, CDPSession>();

async function setQuota(session: Session, quotaSize: number): Promise<void> {
  const { chromium, page, server } = session;
  const tools = devTools.get(session) ?? (await chromium.context.newCDPSession(page));
  devTools.set(session, tools);
  await tools.send('Storage.overrideQuotaForOrigin', { origin: new URL(server.address).origin, quotaSize });
}

/**
 * Stores a project of some size beside the one on show, by the browser's own means. The quota is set before the database
 * is opened: IndexedDB asks for it when a write is larger than what it believes to be left, and believes for 30 s.
 */
export async function storeBallast(session: Session): Promise<void> {
  const { page, address } = session;
  await setQuota(session, QUOTA);
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
        // Plain ASCII: the database keeps other text with two bytes a character.
        return new TextDecoder().decode(random.map((byte) => 33 + (byte % 90)));
      };
      const database = await answer(indexedDB.open('judge-playground'));
      const first = <T>(store: string) =>
        answer(database.transaction(store).objectStore(store).getAll(null, 1)).then(([one]) => one as T);
      const project = await first<object>('projects');
      const stored = await first<{ item: object }>('items');
      const transaction = database.transaction(['projects', 'items'], 'readwrite');
      transaction.objectStore('projects').put({ ...project, id: 'old', name, created: 0 });
      const pieces = 40;
      for (let position = 0; position < pieces; position++) {
        const item = { ...stored.item, id: `old-${position}`, response: noise(bytes / pieces) };
        transaction.objectStore('items').put({ ...stored, projectId: 'old', split: 'train', position, item });
      }
      await new Promise((resolve) => (transaction.oncomplete = resolve));
      database.close();
    },
    [BALLAST_NAME, BALLAST] as const,
  );
}

/** From now on the origin has less room than it uses: nothing more can be written. */
export async function fillStorage(session: Session): Promise<void> {
  const { page } = session;
  const usage = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  await setQuota(session, usage - SHORT_OF);
  // A write that is too large makes the database ask again how much is left.
  const outcome = await page.evaluate(async (bytes) => {
    const open = indexedDB.open('judge-playground');
    await new Promise((resolve) => (open.onsuccess = resolve));
    const transaction = open.result.transaction('snapshots', 'readwrite');
    const filler = new Uint8Array(bytes);
    for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(filler.subarray(at, at + 65_536));
    transaction.objectStore('snapshots').put({ runId: 'full', round: 0, step: 0, filler });
    const ended = await new Promise((resolve) => {
      transaction.oncomplete = () => resolve('written');
      transaction.onabort = () => resolve(transaction.error?.name);
    });
    open.result.close();
    return ended;
  }, TOO_MUCH);
  if (outcome !== 'QuotaExceededError') throw new Error(`Storage is not full: ${String(outcome)}.`);
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
