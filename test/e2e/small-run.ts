import type { Page } from 'playwright';
import { visit } from './browser.ts';

/** A run that is small enough for a test and goes through every stage. */
export const SMALL = {
  'Held-out items': 40,
  'Items per round (M)': 48,
  'Samples per item (N)': 6,
  'Pairs per step': 16,
};

export async function startSmallRun(page: Page): Promise<void> {
  await visit(page, '#/improve/new');
  await page.getByText('All settings').click();
  for (const [label, value] of Object.entries(SMALL)) {
    const field = page.getByLabel(label, { exact: true });
    await field.fill(String(value));
    await field.press('Tab');
  }
  await page.getByRole('button', { name: 'Run all' }).click();
}

/** Its results have their tab once they are there. */
export const whenFinished = (page: Page): Promise<void> =>
  page.getByRole('tab', { name: /Results.*%/ }).waitFor({ timeout: 180_000 });
