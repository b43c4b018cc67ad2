import type { Page } from 'playwright';

/** Settings of a run by the labels of their fields. */
export type RunForm = Readonly<Record<string, number>>;

/** The smallest run that goes through every stage and can be interrupted in each. */
export const SMALL_RUN: RunForm = {
  Rounds: 1,
  Seed: 7,
  'Held-out items': 48,
  'Items per round (M)': 24,
  'Samples per item (N)': 8,
  'Pairs per step': 4,
};

/** For `npm test`: a few seconds of every stage. */
export const QUICK_RUN: RunForm = {
  ...SMALL_RUN,
  'Held-out items': 24,
  'Items per round (M)': 16,
};

/** The run of the promise in docs/reliability.md: every worker lost while it samples, and results within four minutes. */
export const MIDDLE_RUN: RunForm = {
  ...SMALL_RUN,
  'Held-out items': 60,
  'Items per round (M)': 64,
  'Pairs per step': 16,
};

/** Nearly nothing, for WebGPU in software. */
export const TINY_RUN: RunForm = {
  ...SMALL_RUN,
  'Held-out items': 4,
  'Items per round (M)': 6,
  'Samples per item (N)': 4,
};

export const job = (page: Page) => page.getByRole('region', { name: 'The running job' });
export const accuracy = (page: Page) => page.getByRole('tab', { name: /Results.*%/ });

/** Opens the form of a new run. */
export async function openNewRun(page: Page, address: string): Promise<void> {
  await page.goto(`${address}#/improve/new`);
  await page.getByRole('button', { name: 'Run all' }).waitFor();
}

/** Writes values into fields by their labels, and leaves each. */
export async function fillIn(page: Page, form: RunForm): Promise<void> {
  const all = page.locator('summary', { hasText: 'All settings' });
  if (await all.count()) await all.click();
  for (const [label, value] of Object.entries(form)) {
    const field = page.getByLabel(label, { exact: true });
    await field.fill(String(value));
    await field.press('Tab');
  }
}

/** Opens a new run, fills in its form and presses *Run all*. */
export async function startRun(page: Page, address: string, form: RunForm): Promise<void> {
  await openNewRun(page, address);
  await fillIn(page, form);
  await page.getByRole('button', { name: 'Run all' }).click();
}

/** Waits until the bar of this stage, or of any, has counted to at least `least`. */
export async function doneOf(page: Page, stage: string | null, least = 1): Promise<void> {
  await page.waitForFunction(
    ([name, wanted]) => {
      const bars = [...document.querySelectorAll('[aria-label="The running job"] [role=progressbar]')];
      return bars.some((bar) => (!name || bar.ariaLabel === name) && Number(bar.ariaValueNow) >= wanted);
    },
    [stage, least] as const,
    { timeout: 120_000, polling: 20 },
  );
}

/** Waits for the run's results, and fails at once when the run has failed instead. */
export async function ended(page: Page, timeout = 240_000): Promise<void> {
  const failed = page.getByRole('alert').filter({ hasText: /What was finished is stored/ });
  await accuracy(page).or(failed).first().waitFor({ timeout });
  if (await accuracy(page).count()) return;
  throw new Error(`The run failed: ${await failed.first().innerText()}`);
}
