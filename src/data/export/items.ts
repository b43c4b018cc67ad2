import Papa from 'papaparse';
import type { Item } from '../../judge/item.ts';

/** Items as JSON Lines; importing the text gives the same items. */
export function itemsToJsonLines(items: readonly Item[]): string {
  return items.map((item) => `${JSON.stringify(withoutId(item))}\n`).join('');
}

const COLUMNS = [
  'instruction',
  'response',
  'criterion',
  'reference',
  'score',
  'rationale',
  'family',
  'slip',
] as const;

/**
 * Items as CSV. Texts that a spreadsheet would run as a formula (they begin with = + - @, a tab or a return) get
 * an apostrophe before them (OWASP, "CSV Injection"); such a text does not come back quite the same.
 */
export function itemsToCsv(items: readonly Item[]): string {
  const rows = items.map((item) => COLUMNS.map((column) => item[column] ?? ''));
  return Papa.unparse({ fields: [...COLUMNS], data: rows }, { escapeFormulae: true });
}

/** Ids are hashes of the content: they are computed anew at import. */
function withoutId({ id: _, ...content }: Item): Omit<Item, 'id'> {
  return content;
}
