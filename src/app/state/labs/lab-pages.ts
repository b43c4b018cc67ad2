import { LabPage } from './lab-page.svelte.ts';

const pages = new Map<string, LabPage>();

/** The state of this lab's page, kept while the reader is elsewhere. */
export function labPage(id: string): LabPage {
  const known = pages.get(id) ?? new LabPage(id);
  pages.set(id, known);
  return known;
}
