import type { Page } from 'playwright';

/** What has the focus, as it is announced: "button Run all"; "nothing" where the focus fell to the page as a whole. */
export const focusOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return 'nothing';
    const label =
      element.getAttribute('aria-label') ?? (element as HTMLInputElement).labels?.[0]?.textContent;
    const kind = element.getAttribute('role') ?? element.localName;
    return `${kind} ${(label ?? element.textContent ?? '').trim().replaceAll(/\s+/g, ' ')}`;
  });

/** More stops than any page has. */
const MOST_STOPS = 150;

/**
 * Presses Tab until what has the focus fits; `key` is 'Shift+Tab' to go back.
 * @throws Error with all stops on the way
 */
export async function tabTo(page: Page, wanted: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const stops: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press(key);
    const now = await focusOf(page);
    if (wanted.test(now)) return;
    stops.push(now);
  }
  throw new Error(`${String(wanted)} is not reached by ${key}: ${stops.join('; ')}`);
}

/** Everything that the page's polite region said, from now on. */
export async function announcements(page: Page): Promise<string[]> {
  const said: string[] = [];
  await page.exposeFunction('heard', (text: string) => said.push(text));
  await page.evaluate(() => {
    const { heard } = globalThis as unknown as { heard: (text: string) => void };
    const region = document.querySelector('body [aria-live=polite]')!;
    new MutationObserver(() => {
      if (region.textContent.trim()) heard(region.textContent.trim());
    }).observe(region, { childList: true, subtree: true, characterData: true });
  });
  return said;
}
