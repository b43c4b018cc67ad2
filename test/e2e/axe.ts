import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { BrowserContext, Page } from 'playwright';

/**
 * Brings axe into every page of a context. As a script of the debugger's, which the page's security policy does not concern:
 * the policy under test stays as it is.
 */
export const withAxe = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });

/** What axe finds on the page as it stands, worst first: "serious color-contrast: .note (…)". */
export async function faultsOf(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    // Of frames there are none; "experimental" rules are not meant to hold.
    const results = await inPage.run(document, { resultTypes: ['violations'], iframes: false });
    // axe takes the <title> of a mark, which is its tooltip, for text that stands on the page, and wants all texts of a mark
    // in its name as one: a line of a ranking has "3 name" at both ends, cut on a phone, and "name: 3 by truth, 5 by the judge" for a name.
    const isNamedAsWritten = (target: string) => {
      const mark = document.querySelector(target);
      const name = mark?.getAttribute('aria-label') ?? '';
      const texts = [...(mark?.querySelectorAll('text') ?? [])].map((text) => text.textContent.trim());
      return mark?.localName === 'g' && texts.every((text) => name.includes(text.replace(/^\d+ |…$/g, '')));
    };
    for (const violation of results.violations)
      if (violation.id === 'label-content-name-mismatch')
        violation.nodes = violation.nodes.filter(({ target }) => !isNamedAsWritten(String(target[0])));
    return results;
  });
  return violations.flatMap(({ impact, id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${impact} ${id}: ${target.join(' ')} (${failureSummary})`),
  );
}

/** Those that a person may fail at. */
export const grave = (faults: readonly string[]): string[] =>
  faults.filter((fault) => /^(critical|serious) /.test(fault));
