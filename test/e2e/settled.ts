import type { Page } from 'playwright';
import { expect } from 'vitest';

const UNDER_WAY = /^(Opening|Making|Loading|Reading|Getting)\b.*…$/m;

/** Waits until the page has said all it has to say: engine loaded, first verdict written. */
export async function settled(page: Page): Promise<void> {
  let before = '';
  await expect
    .poll(
      async () => {
        const now = await page.getByRole('main').innerText();
        const same =
          now === before &&
          !UNDER_WAY.test(now) &&
          (await page.locator('main [aria-busy=true]').count()) === 0;
        before = now;
        return same;
      },
      { timeout: 60_000, interval: 500 },
    )
    .toBe(true);
}
